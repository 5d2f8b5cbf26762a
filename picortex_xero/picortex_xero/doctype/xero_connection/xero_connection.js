// Xero Connection: one company and its organisation; going live, pausing and giving it back.

const API = "picortex_xero.api.connect.";

frappe.ui.form.on("Xero Connection", {
	refresh(frm) {
		if (frm.is_new()) {
			frm.set_intro(__("Connections are made by pressing Connect to Xero in Xero Settings."), "blue");
			frm.disable_save();
			return;
		}
		show_state(frm);
		add_links(frm);
		if (["Live", "Paused"].includes(frm.doc.state)) show_unlinked(frm);
		if (!frappe.perm.has_perm("Xero Connection", 0, "write")) return;
		const state = frm.doc.state;
		if (state === "Setting Up") {
			frm.add_custom_button(__("Go Live"), () => go_live(frm)).addClass("btn-primary");
		}
		if (state === "Live") {
			frm.add_custom_button(__("Change Go-Live Date"), () => go_live(frm));
		}
		if (state === "Paused") {
			frm.add_custom_button(__("Send Again"), () => resume(frm)).addClass("btn-primary");
		}
		if (state === "Disconnected") {
			frm.add_custom_button(__("Reconnect"), () => frappe.set_route("Form", "Xero Settings")).addClass("btn-primary");
		} else {
			frm.add_custom_button(__("Refresh From Xero"), () => call(frm, "refresh"));
			frm.add_custom_button(__("Disconnect"), () => disconnect(frm));
		}
	},
});

function show_state(frm) {
	const colours = { "Setting Up": "blue", Live: "green", Paused: "red", Disconnected: "grey" };
	frm.page.set_indicator(__(frm.doc.state), colours[frm.doc.state]);
	const reason = (doc) => frappe.utils.escape_html(picortex_xero.said(doc.reason, doc.reason_parts, "reason"));
	frm.get_docfield("reason").formatter = (_value, _df, _options, doc) => reason(doc || frm.doc);
	frm.refresh_field("reason");
	if (frm.doc.state === "Paused") frm.set_intro(reason(frm.doc), "red");
	if (frm.doc.state === "Setting Up") {
		frm.set_intro(__("Map accounts, taxes and bank accounts, choose how documents arrive, then go live."), "blue");
	}
}

function add_links(frm) {
	const mappings = ["Account", "Tax", "Payment", "Deduction", "Tracking"].map((kind) => `Xero ${kind} Mapping`);
	for (const doctype of [...mappings, "Xero Outbox Entry", "Xero Unlinked Record"]) {
		frm.add_custom_button(
			__(doctype).replace(/^Xero[ -]/, ""),
			() => frappe.set_route("List", doctype, { connection: frm.doc.name }),
			__("View")
		);
	}
}

async function call(frm, method, args) {
	await frappe.call({ method: API + method, args: { connection: frm.doc.name, ...args }, freeze: true });
	await frm.reload_doc();
}

function go_live(frm) {
	frappe.prompt(
		{
			fieldname: "date",
			fieldtype: "Date",
			label: __("Send documents dated from"),
			default: frm.doc.go_live_date || frappe.datetime.get_today(),
			reqd: 1,
		},
		({ date }) => call(frm, "go_live", { date }),
		__("Go Live"),
		__("Start Sending")
	);
}

// What a restore or a copy of the site has left in Xero without a document here.
async function show_unlinked(frm) {
	const name = frm.doc.name;
	const { message: found } = await frappe.call({ method: API + "unlinked_records", args: { connection: name }, type: "GET" });
	if (frm.doc.name !== name) return;
	frm.dashboard.parent.find(".xero-unlinked").closest(".custom").remove();
	frm.xero_unlinked = (found || []).filter((record) => record.state === "Found");
	if (!found || !found.length) return;
	const text = (value) => frappe.utils.escape_html(picortex_xero.shown(value));
	const heads = [__("Record in Xero"), __("Number or Reference"), __("Document It Names"), __("Amount"), __("Date"), __("Status in Xero"), __("State")];
	const rows = found.map((record) => {
		const cells = [__(record.what), record.number, record.document, record.total, record.date, record.status, __(record.state)];
		return `<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join("")}</tr>`;
	});
	frm.dashboard.add_section(
		`<div class="xero-unlinked"><table class="table table-bordered small"><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
		__("In Xero, and linked to nothing here")
	);
	frm.dashboard.show();
}

function resume(frm) {
	const count = (frm.xero_unlinked || []).length;
	const question = count
		? __("Is this the site that should send to Xero, and do the records listed here ({0}) belong to its documents? What is there already is linked, only the rest is sent. Stop every other copy of this site first.", [count])
		: __("Is this the site that should send to Xero? A copy or a restored backup must not.");
	frappe.confirm(question, () => call(frm, "resume"));
}

function disconnect(frm) {
	frappe.confirm(
		__("Stop sending and give the organisation back? Nothing is deleted here or in Xero; you can reconnect at any time."),
		() => call(frm, "disconnect")
	);
}

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
	for (const doctype of [...mappings, "Xero Outbox Entry"]) {
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

function resume(frm) {
	frappe.confirm(
		__("Is this the site that should send to Xero? A copy or a restored backup must not."),
		() => call(frm, "resume")
	);
}

function disconnect(frm) {
	frappe.confirm(
		__("Stop sending and give the organisation back? Nothing is deleted here or in Xero; you can reconnect at any time."),
		() => call(frm, "disconnect")
	);
}

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
		if (["Live", "Paused"].includes(frm.doc.state) && frappe.model.can_read("Xero Unlinked Record")) show_unlinked(frm);
		if (frm.doc.state === "Setting Up") show_checklist(frm);
		const state = frm.doc.state;
		if (state === "Retired") return;
		// Who may create a connection may connect; who may write one decides what is sent.
		if (!["Setting Up", "Live"].includes(state) && frappe.perm.has_perm("Xero Connection", 0, "create")) {
			frm.add_custom_button(__("Reconnect"), reconnect);
		}
		if (!frappe.perm.has_perm("Xero Connection", 0, "write")) return;
		if (state === "Setting Up") {
			frm.add_custom_button(__("Go Live"), () => go_live(frm)).addClass("btn-primary");
		}
		if (state === "Live" || (state === "Paused" && frm.doc.reason_code === "other-organisation-meanwhile")) {
			frm.add_custom_button(__("Change Go-Live Date"), () => go_live(frm));
		}
		if (state === "Paused") {
			frm.add_custom_button(__("Send Again"), () => resume(frm)).addClass("btn-primary");
		}
		if (state !== "Disconnected") {
			if (state === "Live") frm.add_custom_button(__("Compare With Xero"), () => compare(frm));
			frm.add_custom_button(__("Refresh From Xero"), () => call(frm, "refresh"));
			frm.add_custom_button(__("Disconnect"), () => disconnect(frm));
		}
	},
});

// What keeps the connection from sending, and what to do: the same words as on the documents' forms and in notifications.
async function show_state(frm) {
	const colours = { "Setting Up": "blue", Live: "green", Paused: "red", Disconnected: "grey", Retired: "grey" };
	frm.page.set_indicator(__(frm.doc.state), colours[frm.doc.state]);
	for (const name of ["reason", "cure"]) {
		const said = (doc) => frappe.utils.escape_html(picortex_xero.said(doc[name], doc.reason_parts, name));
		frm.get_docfield(name).formatter = (_value, _df, _options, doc) => said(doc || frm.doc);
		frm.refresh_field(name);
	}
	const name = frm.doc.name;
	const { message: standing } = await frappe.call({
		method: "picortex_xero.api.status.connection_status",
		args: { connection: name },
		type: "GET",
	});
	// The user may have moved on to another connection while the answer was on its way.
	if (frm.doc.name !== name || !standing.reason) return;
	const lines = [standing.reason, standing.cure].filter(Boolean).map((text) => frappe.utils.escape_html(text));
	frm.set_intro(lines.join("<br>"), frm.doc.state === "Live" ? "orange" : colours[frm.doc.state]);
}

async function reconnect() {
	const { message: address } = await frappe.call({ method: API + "start", freeze: true });
	window.location.href = address;
}

function add_links(frm) {
	// Places to go to, for whoever may read them: nothing is done there by going.
	const mapping = __("Mapping");
	frm.add_custom_button(mapping, () => frappe.set_route("xero-mapping", frm.doc.name, "accounts"));
	const mappings = ["Account", "Tax", "Payment", "Deduction", "Tracking"].map((kind) => `Xero ${kind} Mapping`);
	for (const doctype of [...mappings, "Xero Outbox Entry", "Xero Unlinked Record"].filter((each) => frappe.model.can_read(each))) {
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

// What has to be right before going live: red stops it, amber is good to know.
async function show_checklist(frm) {
	const name = frm.doc.name;
	const { message: items } = await frappe.call({ method: API + "before_going_live", args: { connection: name }, type: "GET" });
	if (frm.doc.name !== name || !items) return;
	frm.dashboard.parent.find(".xero-checklist").closest(".custom").remove();
	const colours = { green: "green", amber: "orange", red: "red" };
	const text = frappe.utils.escape_html;
	const rows = items.map(
		({ state, message, cure }) =>
			`<tr><td><span class="indicator ${colours[state]}"></span></td><td>${text(message)}</td><td>${text(cure)}</td></tr>`
	);
	const heads = ["", __("Before Going Live"), __("What to Do")].map((head) => `<th>${head}</th>`).join("");
	frm.dashboard.add_section(
		`<div class="xero-checklist"><table class="table table-bordered small"><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
		__("Before Going Live")
	);
	frm.dashboard.show();
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

// What else the sign-in opens is said first; ending it is a choice, since it takes those organisations away too.
async function disconnect(frm) {
	const { message: touched } = await frappe.call({
		method: API + "before_disconnecting",
		args: { connection: frm.doc.name },
		freeze: true,
	});
	const named = (names) => names.map(frappe.utils.escape_html).join(", ");
	const only_here = __("This site is not the one that went live: Xero is told nothing, and the site that sends keeps its connection. Only this copy lets go of it.");
	const said = touched.only_here ? [only_here] : [
		__("Stop sending and give the organisation back? Nothing is deleted here or in Xero; you can reconnect at any time. What is submitted meanwhile waits."),
		__("Another site that is connected to this organisation by the same Xero user and app, such as a staging site, loses it, too."),
	];
	if (touched.custom) said.push(__("A custom connection is ended in Xero: remove it under Connected Apps there, too"));
	if (touched.here.length) said.push(__("The sign-in at Xero stays: it is also used for {0}.", [named(touched.here)]));
	const asked = !touched.custom && !touched.here.length && (touched.elsewhere === null || touched.elsewhere.length > 0);
	if (asked && touched.elsewhere) said.push(__("The sign-in also gives this app access to {0}, perhaps on other sites.", [named(touched.elsewhere)]));
	if (asked && !touched.elsewhere) said.push(__("Xero does not say at the moment what else the sign-in gives access to."));
	if (asked && !touched.may_end) said.push(__("The sign-in at Xero stays: only whoever signed in may end it."));
	const fields = [{ fieldname: "said", fieldtype: "HTML", options: said.map((text) => `<p>${text}</p>`).join("") }];
	if (asked && touched.may_end) {
		fields.push({
			fieldname: "end",
			fieldtype: "Check",
			label: __("End the sign-in too, and with it access to all of these"),
		});
	}
	const dialog = new frappe.ui.Dialog({
		title: __("Disconnect"),
		fields,
		primary_action_label: __("Disconnect"),
		async primary_action({ end }) {
			dialog.hide();
			await call(frm, !asked ? "disconnect" : end ? "disconnect_and_end_sign_in" : "disconnect_only");
		},
	});
	dialog.show();
}

// Everything that the company has in Xero against what its documents would become today: a list of differences, nothing is changed.
async function compare(frm) {
	const { message: begun } = await frappe.call({
		method: "picortex_xero.api.compare.start",
		args: { connection: frm.doc.name },
		freeze: true,
	});
	frappe.set_route("Form", "Xero Comparison", begun);
}

// One word and one colour for each state.

frappe.listview_settings["Xero Outbox Entry"] = {
	hide_name_column: true,
	add_fields: ["state", "role", "reference_doctype", "reference_name", "generation"],
	get_indicator(doc) {
		const shown = {
			Pending: ["Queued", "blue"],
			Held: ["Waiting", "orange"],
			Sending: ["Sending", "blue"],
			Unknown: ["Checking with Xero", "blue"],
			Synced: ["In Xero", "green"],
			"Needs Attention": ["To fix", "red"],
			Skipped: ["Not sent to Xero", "grey"],
			Superseded: ["Replaced", "grey"],
		};
		const [word, colour] = doc.state === "Synced" ? done(doc) : shown[doc.state];
		return [__(word, null, "Xero"), colour, `state,=,${doc.state}`];
	},
};

// Taking a record back is done once it is no longer in Xero; and what was taken back, as another line says, is not there any more.
function done(doc) {
	const takes_back = (each) => /^(void|undo)(-|$)/.test(each.role || "");
	if (takes_back(doc)) return ["Taken back", "grey"];
	const listed = (window.cur_list && cur_list.doctype === "Xero Outbox Entry" && cur_list.data) || [];
	const same = (each) => each.reference_doctype === doc.reference_doctype && each.reference_name === doc.reference_name;
	const back = listed.some((each) => same(each) && each.state === "Synced" && /^void(-|$)/.test(each.role || ""));
	return back ? ["Was in Xero", "grey"] : ["In Xero", "green"];
}

// The documents of the selected sync items are taken back in Xero: first it is said what becomes of each, on a page of its own.
frappe.listview_settings["Xero Outbox Entry"].onload = function (list) {
	if (!frappe.user_roles.includes("Xero Admin")) return;
	const undo = async () => {
		const steps = JSON.stringify(list.get_checked_items(true));
		const { message } = await frappe.call({ method: "picortex_xero.api.undoing.mark_selected", args: { steps }, freeze: true });
		if (message) frappe.set_route("xero-undo", message.connection, message.run);
	};
	list.page.add_actions_menu_item(__("Undo in Xero"), undo, false);
};

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

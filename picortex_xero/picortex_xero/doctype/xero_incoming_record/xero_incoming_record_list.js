// One colour for each state.

frappe.listview_settings["Xero Incoming Record"] = {
	hide_name_column: true,
	add_fields: ["state"],
	get_indicator(doc) {
		const colours = { "To Decide": "blue", Waiting: "orange", "Draft Here": "yellow", "Entered Here": "green", Matched: "green", "Left Out": "grey", Gone: "grey" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
};

// One colour for each state; what is not decided yet first.

frappe.listview_settings["Xero Changed Record"] = {
	hide_name_column: true,
	add_fields: ["state"],
	filters: [["state", "in", ["Open", "Told", "Being Put Back", "Draft Here"]]],
	get_indicator(doc) {
		const colours = { Open: "red", Told: "orange", "Being Put Back": "blue", "Draft Here": "yellow", "Taken Over": "green", "Put Back": "green", Left: "grey", "Changed Back": "green", Over: "grey" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
};

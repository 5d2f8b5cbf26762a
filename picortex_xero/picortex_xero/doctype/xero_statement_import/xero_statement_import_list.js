// One colour for each state.

frappe.listview_settings["Xero Statement Import"] = {
	hide_name_column: true,
	add_fields: ["state"],
	refresh(listview) {
		if (listview.can_create) listview.page.set_primary_action(__("Import a Statement"), () => listview.make_new_doc(), "add");
	},
	onload(listview) {
		// As the workspace and the texts call it.
		listview.page_title = __("Bank statement imports");
		listview.page.set_title(listview.page_title);
	},
	get_indicator(doc) {
		const colours = { Draft: "blue", Running: "blue", Stopped: "orange", Done: "green", "Taken Back": "grey" };
		return [__(doc.state, null, "Xero Statement Import"), colours[doc.state], `state,=,${doc.state}`];
	},
};

// One colour for each state.

frappe.listview_settings["Xero Bank Memory"] = {
	hide_name_column: true,
	add_fields: ["state"],
	refresh(listview) {
		if (listview.can_create) listview.page.set_primary_action(__("Add a Payee"), () => listview.make_new_doc(), "add");
	},
	onload(listview) {
		// As the workspace and the texts call it.
		listview.page_title = __("What is known of payees");
		listview.page.set_title(listview.page_title);
	},
	get_indicator(doc) {
		const colours = { Learned: "blue", Always: "green", Forgotten: "grey" };
		return [__(doc.state, null, "Xero Bank Memory"), colours[doc.state], `state,=,${doc.state}`];
	},
};

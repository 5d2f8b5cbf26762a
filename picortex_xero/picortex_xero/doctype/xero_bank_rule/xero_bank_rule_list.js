// Rules in their order.

frappe.listview_settings["Xero Bank Rule"] = {
	hide_name_column: true,
	refresh(listview) {
		if (listview.can_create) listview.page.set_primary_action(__("Add a Rule"), () => listview.make_new_doc(), "add");
	},
	onload(listview) {
		// As the workspace and the texts call it.
		listview.page_title = __("Rules for bank lines");
		listview.page.set_title(listview.page_title);
	},
};

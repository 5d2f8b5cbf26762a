// One colour for each state, as on the form.

frappe.listview_settings["Xero Connection"] = {
	add_fields: ["state"],
	get_indicator: (doc) => [__(doc.state), picortex_xero.connection_colours[doc.state], `state,=,${doc.state}`],
};

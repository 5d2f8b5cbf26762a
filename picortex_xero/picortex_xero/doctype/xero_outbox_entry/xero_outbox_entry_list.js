// One word and one colour for each state.

frappe.listview_settings["Xero Outbox Entry"] = {
	hide_name_column: true,
	add_fields: ["state"],
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
		const [word, colour] = shown[doc.state];
		return [__(word, null, "Xero"), colour, `state,=,${doc.state}`];
	},
};

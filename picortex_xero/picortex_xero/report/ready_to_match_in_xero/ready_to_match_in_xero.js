// What Xero's own matching should find with one OK, by our estimate; what has not that shape, why, and what stays unreconciled.

frappe.query_reports["Ready to Match in Xero"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{
			fieldname: "show",
			label: __("Show"),
			fieldtype: "Select",
			options: [
				{ value: "Summary", label: __("Summary") },
				{ value: "Ready", label: __("Ready") },
				{ value: "Not Ready", label: __("Not Ready") },
				{ value: "Unreconciled for Long", label: __("Unreconciled for Long") },
			],
			default: "Summary",
		},
		{ fieldname: "days", label: __("Long Is More Than (Days)"), fieldtype: "Int", description: __("Empty: as the Xero Connection says") },
	],

	// Numbers and texts come from Xero and from people: what is not a number, a date or a link is drawn as text.
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldtype !== "Data") return default_formatter(value, row, column, data);
		const shown = frappe.utils.escape_html(String(value ?? ""));
		return column.fieldname === "status" && data && data.colour ? `<span class="indicator-pill ${data.colour}">${shown}</span>` : shown;
	},
};

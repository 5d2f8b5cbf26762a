// The list whose sum is the curve of the page Cash Forecast: each line once, on its day, with why it is that day and what is left after it.

frappe.query_reports["Xero Cash Forecast"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{ fieldname: "currency", label: __("Only This Currency"), fieldtype: "Link", options: "Currency" },
		{ fieldname: "later", label: __("Customers Pay So Many Days Later"), fieldtype: "Int" },
		{ fieldname: "later_customer", label: __("Only This Customer"), fieldtype: "Link", options: "Customer" },
		{ fieldname: "lost", label: __("This Customer Is Lost"), fieldtype: "Link", options: "Customer" },
		{ fieldname: "open_too", label: __("And Pays Nothing That Is Open"), fieldtype: "Check" },
		{ fieldname: "beyond", label: __("What Is Not in the Curve"), fieldtype: "Check" },
	],

	// Names come from people and from Xero: what is not a number, a date or a link is drawn as text.
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldtype === "Data") return frappe.utils.escape_html(String(value ?? ""));
		return default_formatter(value, row, column, data);
	},
};

// What suppliers are owed by contact and days overdue, from the documents that are open in Xero.

frappe.query_reports["Xero Aged Payables"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{ fieldname: "to_date", label: __("At"), fieldtype: "Date", reqd: 1, default: frappe.datetime.get_today() },
		{ fieldname: "by", label: __("Aged By"), fieldtype: "Select", options: [{ value: "Due Date", label: __("Due Date") }, { value: "Date", label: __("Date") }], default: "Due Date" },
		{ fieldname: "documents", label: __("Document by Document"), fieldtype: "Check", default: 1 },
	],

	onload(report) {
		report.page.add_inner_button(__("Refresh From Xero"), () => frappe.require("/assets/picortex_xero/js/xero_reports.js", () => picortex_xero.read_days(report, "Xero Aged Payables")));
	},

	// Texts of Xero's come escaped.
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.bold ? `<b>${shown}</b>` : shown;
	},
};

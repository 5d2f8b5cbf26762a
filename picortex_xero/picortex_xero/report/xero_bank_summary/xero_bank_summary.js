// What came in and went out of each bank account, as Xero has it.

frappe.query_reports["Xero Bank Summary"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date", reqd: 1, default: frappe.datetime.month_start() },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date", reqd: 1, default: frappe.datetime.get_today() },
	],

	onload(report) {
		report.page.add_inner_button(__("Refresh From Xero"), () => frappe.require("/assets/picortex_xero/js/xero_reports.js", () => picortex_xero.read_days(report, "Xero Bank Summary")));
	},

	// Texts of Xero's come escaped.
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.bold ? `<b>${shown}</b>` : shown;
	},
};

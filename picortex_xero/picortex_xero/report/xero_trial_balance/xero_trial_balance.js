// Every account of Xero's at the end of a day.

frappe.query_reports["Xero Trial Balance"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{ fieldname: "to_date", label: __("At"), fieldtype: "Date", reqd: 1, default: frappe.datetime.get_today() },
		{ fieldname: "basis", label: __("Basis"), fieldtype: "Select", options: [{ value: "Accrual", label: __("Accrual") }, { value: "Cash", label: __("Cash") }], default: "Accrual" },
	],

	onload(report) {
		report.page.add_inner_button(__("Refresh From Xero"), () => frappe.require("/assets/picortex_xero/js/xero_reports.js", () => picortex_xero.read_days(report, "Xero Trial Balance")));
	},

	// Texts of Xero's come escaped.
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.bold ? `<b>${shown}</b>` : shown;
	},
};

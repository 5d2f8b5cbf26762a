// Assets, liabilities and equity as Xero has them, at month ends.

frappe.query_reports["Xero Balance Sheet"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date", reqd: 1, default: frappe.datetime.add_months(frappe.datetime.month_start(), -2) },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date", reqd: 1, default: frappe.datetime.month_end() },
		{ fieldname: "periodicity", label: __("Periods"), fieldtype: "Select", options: [{ value: "Monthly", label: __("Monthly") }, { value: "Quarterly", label: __("Quarterly") }, { value: "Half-Yearly", label: __("Half-Yearly") }, { value: "Yearly", label: __("Yearly") }], default: "Monthly" },
		{ fieldname: "compare", label: __("Compared With"), fieldtype: "Select", options: [{ value: "", label: __("Nothing") }, { value: "Year Before", label: __("Year Before") }], default: "" },
		{ fieldname: "basis", label: __("Basis"), fieldtype: "Select", options: [{ value: "Accrual", label: __("Accrual") }, { value: "Cash", label: __("Cash") }], default: "Accrual" },
	],

	onload(report) {
		report.page.add_inner_button(__("Refresh From Xero"), () => frappe.require("/assets/picortex_xero/js/xero_reports.js", () => picortex_xero.read_days(report, "Xero Balance Sheet")));
	},

	// Texts of Xero's come escaped.
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.bold ? `<b>${shown}</b>` : shown;
	},
};

// The same figures from both books, account by account as they are mapped, with the difference.

frappe.query_reports["ERPNext beside Xero"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{ fieldname: "figures", label: __("Compared"), fieldtype: "Select", options: [{ value: "Profit and Loss", label: __("Profit and Loss") }, { value: "Balances", label: __("Balances at the Month's End") }], default: "Profit and Loss" },
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date", reqd: 1, default: frappe.datetime.month_start() },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date", reqd: 1, default: frappe.datetime.month_end() },
		{ fieldname: "basis", label: __("Basis"), fieldtype: "Select", options: [{ value: "Accrual", label: __("Accrual") }, { value: "Cash", label: __("Cash") }], default: "Accrual" },
	],

	onload(report) {
		report.page.add_inner_button(__("Refresh From Xero"), () => frappe.require("/assets/picortex_xero/js/xero_reports.js", () => picortex_xero.read_days(report, "ERPNext beside Xero")));
	},

	// Texts of Xero's come escaped. A figure of an account leads to the documents that it is made of.
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (data && data.bold) return `<b>${shown}</b>`;
		if (!data || !data.xero_account || !["title", "xero"].includes(column.fieldname)) return shown;
		const from = { company: frappe.query_report.get_filter_value("company"), xero_account: data.xero_account };
		const days = { from_date: frappe.query_report.get_filter_value("from_date"), to_date: frappe.query_report.get_filter_value("to_date") };
		return `<a href="/app/query-report/Xero Account Documents?${new URLSearchParams({ ...from, ...days })}">${shown}</a>`;
	},
};

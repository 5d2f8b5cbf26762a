// Income and expenses as Xero has them, by periods of its financial year.

frappe.query_reports["Xero Profit and Loss"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date", reqd: 1, default: frappe.datetime.add_months(frappe.datetime.month_start(), -11) },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date", reqd: 1, default: frappe.datetime.month_end() },
		{ fieldname: "periodicity", label: __("Periods"), fieldtype: "Select", options: [{ value: "Monthly", label: __("Monthly") }, { value: "Quarterly", label: __("Quarterly") }, { value: "Half-Yearly", label: __("Half-Yearly") }, { value: "Yearly", label: __("Yearly") }], default: "Monthly" },
		{ fieldname: "compare", label: __("Compared With"), fieldtype: "Select", options: [{ value: "", label: __("Nothing") }, { value: "Year Before", label: __("Year Before") }], default: "" },
		{ fieldname: "basis", label: __("Basis"), fieldtype: "Select", options: [{ value: "Accrual", label: __("Accrual") }, { value: "Cash", label: __("Cash") }], default: "Accrual" },
		{ fieldname: "tracking", label: __("Tracking Option"), fieldtype: "Autocomplete", options: [] },
	],

	onload(report) {
		report.page.add_inner_button(__("Refresh From Xero"), () => frappe.require("/assets/picortex_xero/js/xero_reports.js", () => picortex_xero.read_days(report, "Xero Profit and Loss")));
		frappe.call({ method: "picortex_xero.api.reports.tracking", args: { company: report.get_filter_value("company") }, type: "GET" }).then(({ message }) => report.get_filter("tracking").set_data(message || []));
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

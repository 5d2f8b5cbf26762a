// Profit and Loss or Balance Sheet of several companies as Xero has them, in one currency and added up; nothing is eliminated.

frappe.query_reports["Xero Companies Combined"] = {
	filters: [
		{
			fieldname: "companies",
			label: __("Companies"),
			fieldtype: "MultiSelectList",
			get_data: async (text) => {
				const { message } = await frappe.call({ method: "picortex_xero.api.reports.companies", type: "GET" });
				return (message || []).filter((each) => each.company.toLowerCase().includes((text || "").toLowerCase())).map((each) => ({ value: each.company, description: each.organisation }));
			},
		},
		{ fieldname: "statement", label: __("Statement"), fieldtype: "Select", options: [{ value: "Profit and Loss", label: __("Profit and Loss") }, { value: "Balance Sheet", label: __("Balance Sheet") }], default: "Profit and Loss" },
		{ fieldname: "currency", label: __("Currency"), fieldtype: "Link", options: "Currency", reqd: 1, default: frappe.boot.sysdefaults.currency },
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date", reqd: 1, default: frappe.datetime.month_start() },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date", reqd: 1, default: frappe.datetime.month_end() },
		{ fieldname: "basis", label: __("Basis"), fieldtype: "Select", options: [{ value: "Accrual", label: __("Accrual") }, { value: "Cash", label: __("Cash") }], default: "Accrual" },
	],

	onload(report) {
		report.page.add_inner_button(__("Refresh From Xero"), () => frappe.require("/assets/picortex_xero/js/xero_reports.js", () => picortex_xero.read_days_of_companies(report)));
	},

	// Texts of Xero's come escaped.
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldtype === "Currency" && (value === null || value === undefined)) return "";
		const shown = default_formatter(value, row, column, data);
		return data && data.bold ? `<b>${shown}</b>` : shown;
	},
};

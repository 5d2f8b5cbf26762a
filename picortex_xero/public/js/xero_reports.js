// What the buttons of the reports of Xero do: read from Xero what is chosen, and show it.

frappe.provide("picortex_xero");

picortex_xero.read_days = async (report, name) => {
	const filters = report.get_filter_values(true);
	if (!filters) return;
	const args = { company: filters.company, host_report: name, filters: JSON.stringify(filters) };
	const { message } = await frappe.call({ method: "picortex_xero.api.reports.read_days", args, freeze: true, freeze_message: __("Reading from Xero") });
	if (message && message.why) frappe.msgprint({ message: [message.why, message.cure].map((each) => frappe.utils.escape_html(each)).join("<br>"), indicator: "orange" });
	report.refresh();
};

// The same for each of several companies, one after the other: those that are chosen, else all that the user may see.
picortex_xero.read_days_of_companies = async (report) => {
	const filters = report.get_filter_values(true);
	if (!filters) return;
	const { message: known } = await frappe.call({ method: "picortex_xero.api.reports.companies", type: "GET" });
	const companies = filters.companies && filters.companies.length ? filters.companies : (known || []).map((each) => each.company);
	const days = { from_date: filters.from_date, to_date: filters.to_date, basis: filters.basis };
	const said = [];
	for (const company of companies) {
		const args = { company, host_report: filters.statement === "Balance Sheet" ? "Xero Balance Sheet" : "Xero Profit and Loss", filters: JSON.stringify(days) };
		const { message } = await frappe.call({ method: "picortex_xero.api.reports.read_days", args, freeze: true, freeze_message: __("Reading from Xero") });
		if (message && message.why) said.push(`${company}: ${message.why}`, message.cure);
	}
	if (said.length) frappe.msgprint({ message: said.map((each) => frappe.utils.escape_html(each)).join("<br>"), indicator: "orange" });
	report.refresh();
};

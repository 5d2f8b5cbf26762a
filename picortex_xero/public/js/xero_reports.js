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

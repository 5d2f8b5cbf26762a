// What was submitted here beside what Xero has, by kind or document by document.

frappe.query_reports["Xero Sync Report"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", reqd: 1, default: frappe.defaults.get_user_default("Company") },
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date", reqd: 1, default: frappe.datetime.month_start() },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date", reqd: 1, default: frappe.datetime.get_today() },
		{
			fieldname: "kind",
			label: __("Kind of Document"),
			fieldtype: "Select",
			options: [{ value: "", label: __("All") }, ...(frappe.boot.xero_documents || []).map((name) => ({ value: name, label: __(name) }))],
		},
		{ fieldname: "only_problems", label: __("Only Problems"), fieldtype: "Check" },
		{ fieldname: "documents", label: __("Document by Document"), fieldtype: "Check" },
	],

	onload(report) {
		// Comparing anew is for who decides what is sent; the Desk knows that once it has read the DocType.
		frappe.model.with_doctype("Xero Connection", () => {
			if (!frappe.perm.has_perm("Xero Connection", 0, "write")) return;
			report.page.add_inner_button(__("Compare again"), () => compare_again(report));
		});
	},

	// Numbers and texts come from Xero and from people: what is not a number, a date or a link is drawn as text.
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldtype !== "Data") {
			const shown = default_formatter(value, row, column, data);
			// What is on its way makes a difference that is no fault.
			const wrong = column.fieldname === "difference" && value && data && !["blue", "green"].includes(data.colour);
			return wrong ? `<span class="text-danger">${shown}</span>` : shown;
		}
		const shown = frappe.utils.escape_html(String(value ?? ""));
		return column.fieldname === "status" && data && data.colour ? `<span class="indicator-pill ${data.colour}">${shown}</span>` : shown;
	},
};

async function compare_again(report) {
	const company = report.get_filter_value("company");
	const { message } = await frappe.db.get_value("Xero Connection", { company, state: ["!=", "Retired"] }, "name");
	if (!message || !message.name) return frappe.msgprint(__("Choose a company that is connected to Xero"));
	await frappe.call({ method: "picortex_xero.api.compare.start", args: { connection: message.name }, freeze: true });
	frappe.show_alert({ message: __("Everything is being compared with Xero; the differences come to the list of Xero Differences"), indicator: "blue" });
}

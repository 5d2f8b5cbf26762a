// One colour for each state.

frappe.listview_settings["Xero Incoming Record"] = {
	hide_name_column: true,
	add_fields: ["state"],
	onload(listview) {
		if (!frappe.boot.xero_presses) return;
		listview.page.add_inner_button(__("Propose Journal of a Month"), () => {
			const before = frappe.datetime.add_months(frappe.datetime.get_today(), -1);
			const dialog = new frappe.ui.Dialog({
				title: __("Propose Journal of a Month"),
				fields: [
					{ fieldname: "connection", fieldtype: "Link", options: "Xero Connection", label: __("Connection"), reqd: 1 },
					{ fieldname: "month", fieldtype: "Data", label: __("Month (Such as 2026-10)"), reqd: 1, default: before.slice(0, 7), description: __("Xero's trial balance of its last day is compared with that of the month before. Nothing is posted.") },
				],
				primary_action_label: __("Compare"),
				primary_action: async ({ connection, month }) => {
					const { message } = await frappe.call({ method: "picortex_xero.api.incoming.propose_month", args: { connection, month }, freeze: true });
					dialog.hide();
					if (message) frappe.set_route("Form", "Xero Incoming Record", message);
				},
			});
			dialog.show();
		});
	},
	get_indicator(doc) {
		const colours = { "To Decide": "blue", Waiting: "orange", "Draft Here": "yellow", "Entered Here": "green", Matched: "green", "Left Out": "grey", Gone: "grey" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
};

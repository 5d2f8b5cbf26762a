// Trying one step again: a contact's belongs to no single document.

frappe.ui.form.on("Xero Outbox Entry", {
	refresh(frm) {
		if (!["Held", "Needs Attention"].includes(frm.doc.state)) return;
		frm.add_custom_button(__("Retry"), async () => {
			await frappe.call("picortex_xero.api.status.retry_step", { name: frm.doc.name });
			frm.reload_doc();
		});
	},
});

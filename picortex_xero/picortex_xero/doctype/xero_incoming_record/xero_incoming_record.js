// A payment that somebody has entered in Xero: what became of it here, and a person's choice where it waits.

const INCOMING = "picortex_xero.api.incoming.";

frappe.ui.form.on("Xero Incoming Record", {
	refresh(frm) {
		// Whoever only reads presses nothing (overrides/boot.py).
		if (!frappe.boot.xero_presses) return;
		const press = (method) => async () => {
			await frappe.call({ method: INCOMING + method, args: { incoming: frm.doc.name }, freeze: true });
			frm.reload_doc();
		};
		if (["Waiting", "Left Out"].includes(frm.doc.state)) frm.add_custom_button(__("Retry"), press("retry"));
		// What may be entered although something here is like it, or ERPNext has no draft of it.
		const enters = ["credit-to-confirm", "moved-in-xero", "to-be-entered-here", "advance-perhaps-here", "perhaps-in-parts", "same-as-several"];
		if (frm.doc.state === "Waiting" && enters.includes(frm.doc.reason_code)) frm.add_custom_button(__("Enter Here"), press("enter_here"));
		if (frm.doc.state === "Waiting" && frm.doc.reason_code === "moved-in-xero") frm.add_custom_button(__("Move Here"), press("move_here"));
		if (["To Decide", "Waiting"].includes(frm.doc.state)) frm.add_custom_button(__("Done by Hand"), press("done_by_hand"));
	},
});

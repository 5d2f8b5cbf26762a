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
		if (["To Decide", "Waiting"].includes(frm.doc.state)) frm.add_custom_button(__("Done by Hand"), press("done_by_hand"));
		const doubted = ["perhaps-here-already", "coded-for-left-out"].includes(frm.doc.reason_code);
		if (frm.doc.state === "Waiting" && doubted) frm.add_custom_button(__("It Is Another One"), press("another_one"));
	},
});

// A payment that somebody has entered in Xero: what became of it here, and a person's choice where it waits.

const INCOMING = "picortex_xero.api.incoming.";
const CHOICES = ["same-as-several", "perhaps-in-parts", "same-as-draft"];

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
		if (frm.doc.state === "Waiting" && CHOICES.includes(frm.doc.reason_code)) frm.add_custom_button(__("Choose Payment"), () => choose(frm));
	},
});

// Which of the payments here it is, or that it is none of them. One that pays something else cannot be it, and is only shown.
async function choose(frm) {
	const incoming = frm.doc.name;
	const { message } = await frappe.call({ method: `${INCOMING}alike`, args: { incoming }, type: "GET" });
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const one = (each) => `${each.name}: ${format_currency(each.amount, each.currency)}, ${frappe.datetime.str_to_user(each.date)}, ${each.account}`;
	const fits = message.filter((each) => each.same).map((each) => ({ value: each.name, label: text(each.draft ? __("{0} (draft)", [one(each)]) : one(each)) }));
	const others = message.filter((each) => !each.same).map((each) => `<li>${text(one(each))}</li>`);
	const shown = others.length ? `<p class="text-muted">${__("Pays something else, so it is another payment:")}</p><ul class="text-muted">${others.join("")}</ul>` : "";
	const dialog = new frappe.ui.Dialog({
		title: __("Choose Payment"),
		fields: [
			{ fieldname: "payment", fieldtype: "Select", label: __("What was entered in Xero is"), reqd: 1, options: [...fits, { value: "another", label: __("Another payment: it is entered here") }], default: fits.length ? "" : "another" },
			{ fieldname: "others", fieldtype: "HTML", options: shown },
		],
		primary_action_label: __("Choose"),
		primary_action: async ({ payment }) => {
			await frappe.call({ method: `${INCOMING}choose`, args: { incoming, payment }, freeze: true });
			dialog.hide();
			frm.reload_doc();
		},
	});
	dialog.show();
}

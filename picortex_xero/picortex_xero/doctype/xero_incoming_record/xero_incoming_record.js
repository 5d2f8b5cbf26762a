// A payment that somebody has entered in Xero: what became of it here, and a person's choice where it waits.

const INCOMING = "picortex_xero.api.incoming.";
const CHOICES = ["same-as-several", "perhaps-in-parts", "same-as-draft", "asked-at-another"];

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
		const enters = ["credit-to-confirm", "moved-in-xero", "to-be-entered-here", "advance-perhaps-here"];
		if (frm.doc.state === "Waiting" && enters.includes(frm.doc.reason_code)) frm.add_custom_button(__("Enter Here"), press("enter_here"));
		if (frm.doc.state === "Waiting" && frm.doc.reason_code === "moved-in-xero") frm.add_custom_button(__("Move Here"), press("move_here"));
		const here = frm.doc.state === "Waiting" && frm.doc.reason_code === "perhaps-here-already";
		if (["To Decide", "Waiting", "Draft Here"].includes(frm.doc.state) && !here) frm.add_custom_button(__("Done by Hand"), press("done_by_hand"));
		if (here) frm.add_custom_button(__("It Is This One"), () => this_one(frm));
		if (frm.doc.state === "Waiting" && CHOICES.includes(frm.doc.reason_code)) frm.add_custom_button(__("Choose Payment"), () => choose(frm));
		const doubted = ["perhaps-here-already", "coded-for-left-out", "perhaps-twice-in-xero", "booked-in-month"].includes(frm.doc.reason_code);
		if (frm.doc.state === "Waiting" && doubted) frm.add_custom_button(__("It Is Another One"), press("another_one"));
		if (frm.doc.endpoint === "Reports/TrialBalance") show_month(frm);
		if (frm.doc.state === "Waiting" && frm.doc.reason_code === "month-offered") {
			frm.add_custom_button(__("Make Draft Journal"), press("make_month_journal")).addClass("btn-primary");
		}
	},
});

// Which of the documents here it is; where only one may be it, it is asked about that one. Another day is shown, and agreed to by choosing it; what differs otherwise is only shown.
async function this_one(frm) {
	const incoming = frm.doc.name;
	const { message } = await frappe.call({ method: `${INCOMING}here_already`, args: { incoming }, type: "GET" });
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const days = (each) => [each.date, each.there].map((day) => frappe.datetime.str_to_user(day));
	const one = (each) => (each.date === each.there ? each.name : __("{0}: dated {1} here, {2} in Xero", [each.name, ...days(each)]));
	const fits = message.filter((each) => !each.differs);
	const others = message.filter((each) => each.differs).map((each) => `<li>${text(each.differs)}</li>`);
	const shown = others.length ? `<p class="text-muted">${__("Cannot be it:")}</p><ul class="text-muted">${others.join("")}</ul>` : "";
	const apart = fits.some((each) => each.date !== each.there) ? __("Where the days differ, each side keeps its own: in different months, what moved in each month differs by it.") : "";
	const options = fits.map((each) => ({ value: each.name, label: text(one(each)) }));
	const fields = [
		{ fieldname: "voucher", fieldtype: "Select", label: __("What was entered in Xero is"), reqd: 1, options, default: fits.length === 1 ? fits[0].name : "", description: apart },
		{ fieldname: "others", fieldtype: "HTML", options: shown },
	];
	const link = async ({ voucher }) => {
		const chosen = fits.find((each) => each.name === voucher);
		const agreed = chosen && chosen.date !== chosen.there ? chosen.date : "";
		await frappe.call({ method: `${INCOMING}this_one`, args: { incoming, voucher, agreed }, freeze: true });
		frm.reload_doc();
	};
	frappe.prompt(fields, link, __("It Is This One"), __("Link"));
}

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

// What moved in Xero and here, account by account. Every text from outside is drawn as text.
async function show_month(frm) {
	const { message } = await frappe.call({ method: `${INCOMING}month_table`, args: { incoming: frm.doc.name }, type: "GET" });
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const money = (value) => `<td class="text-right">${text(format_currency(value, frm.doc.currency))}</td>`;
	const body = (message || []).map((each) => `<tr><td>${text(each.account)}</td>${money(each.there)}${money(each.here)}${money(each.left)}<td>${text(each.becomes)}</td></tr>`);
	if (!body.length) return;
	const head = [__("Account in Xero"), __("Moved in Xero"), __("Moved Here"), __("Left"), __("Goes To")].map((each) => `<th>${each}</th>`).join("");
	frm.dashboard.add_section(`<table class="table table-bordered small xero-month"><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`, __("By Account"));
	frm.dashboard.show();
}

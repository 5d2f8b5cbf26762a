// A rule for bank lines: choices of the company only, and what the rule would have caught.

(() => {
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const COLOURS = { open: "blue", same: "green", otherwise: "red" };
	const SAYS = { open: __("Open"), same: __("Entered the same"), otherwise: __("Entered otherwise") };

	// Page by page, the newest lines first.
	const caught = async (frm) => {
		const dialog = new frappe.ui.Dialog({ title: __("What this rule would have caught"), size: "extra-large", fields: [{ fieldname: "lines", fieldtype: "HTML" }] });
		dialog.show();
		let rows = [];
		const read = async (start) => {
			const { message } = await frappe.call({ method: "picortex_xero.api.bank_rules.caught", args: { bank_rule: frm.doc.name, start }, type: "GET" });
			rows = start ? [...rows, ...message.rows] : message.rows;
			const drawn = rows.map((each) => {
				const first = each.first ? `<div class="text-muted">${text(__("The rule {0} is earlier", [each.first]))}</div>` : "";
				const done = each.done ? `<span class="indicator-pill ${COLOURS[each.done]}">${text(SAYS[each.done])}</span>` : "";
				const to = each.done === "otherwise" ? `<div class="text-muted">${text(each.to)}</div>` : "";
				return `<tr><td class="text-nowrap">${text(frappe.datetime.str_to_user(each.date))}</td><td><a href="/app/bank-transaction/${encodeURIComponent(each.name)}">${text(each.description || each.name)}</a>${first}</td><td class="text-right text-nowrap">${text(format_currency(each.amount, each.currency))}</td><td>${done}${to}</td></tr>`;
			});
			const more = message.more ? `<button class="btn btn-xs btn-default" data-more="1">${__("Show More")}</button>` : "";
			dialog.fields_dict.lines.$wrapper.html(`<p class="text-muted small">${text(__("{0} lines of the last year", [message.count]))}</p><table class="table table-sm small"><tbody>${drawn.join("")}</tbody></table>${more}`);
		};
		dialog.$wrapper.on("click", "[data-more]", () => read(rows.length));
		return read(0);
	};

	frappe.ui.form.on("Xero Bank Rule", {
		setup(frm) {
			const of_company = (filters = {}) => () => ({ filters: { company: frm.doc.company, ...filters } });
			frm.set_query("account", of_company({ is_group: 0, disabled: 0 }));
			frm.set_query("cost_center", of_company({ is_group: 0, disabled: 0 }));
			frm.set_query("bank_account", of_company({ is_company_account: 1 }));
			frm.set_query("tax_template", of_company({ disabled: 0 }));
		},
		refresh(frm) {
			if (!frm.is_new()) frm.add_custom_button(__("What It Would Have Caught"), () => caught(frm));
		},
	});
})();

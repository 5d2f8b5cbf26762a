// The page Bank Matching: what was done with lines, and the dialog in which a person puts together what a line is about.

frappe.provide("picortex_xero");

(() => {
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const money = (value, currency) => text(format_currency(value, currency));
	const COLOURS = { Done: "green", "Waiting for Drafts": "yellow", Undone: "grey" };

	// What was done, the newest first, with a button to undo it.
	picortex_xero.bank_acts = (acts, decides) => {
		if (!acts.length) return "";
		const rows = acts.map((each) => {
			const vouchers = each.vouchers.map(([doctype, name]) => `<a href="${text(frappe.utils.get_form_link(doctype, name))}">${text(name)}</a>`);
			const by = each.automatic ? __("Without a person, score {0}", [each.score]) : each.acted_by;
			// By whom stands below the state.
			const undone = each.state === "Undone" ? `<div class="text-muted">${text(each.undone_by)}</div>` : "";
			const button = decides && each.state !== "Undone" ? `<button class="btn btn-xs btn-default" data-act="undo" data-name="${text(each.name)}">${__("Undo")}</button>` : "";
			return `<tr><td>${text(frappe.datetime.str_to_user(each.date))}</td><td class="text-right text-nowrap">${money(each.amount, each.currency)}</td><td>${text(each.what)} ${vouchers.join(", ")}<div class="text-muted">${text(by)}${each.why ? ` · ${text(each.why)}` : ""}</div>${each.trouble ? `<div class="text-danger">${text(each.trouble)}</div>` : ""}</td><td><span class="indicator-pill ${COLOURS[each.state]}">${text(__(each.state, null, "Xero Bank Act"))}</span>${undone}</td><td>${button}</td></tr>`;
		});
		return `<table class="table table-sm small" style="margin-top: 10px"><tbody>${rows.join("")}</tbody></table>`;
	};

	// All that was done in a company, page by page.
	picortex_xero.show_bank_acts = async (page) => {
		const dialog = new frappe.ui.Dialog({ title: __("What was done"), size: "extra-large", fields: [{ fieldname: "acts", fieldtype: "HTML" }] });
		let rows = [];
		const read = async (start) => {
			const found = await page.call("acts", { company: page.company, start });
			rows = start ? [...rows, ...found.rows] : found.rows;
			const more = found.more ? `<button class="btn btn-xs btn-default" data-act="more">${__("Show More")}</button>` : "";
			dialog.fields_dict.acts.$wrapper.html(picortex_xero.bank_acts(rows, page.about.decides) + more || `<p class="text-muted">${__("Nothing yet")}</p>`);
		};
		dialog.$wrapper.on("click", "[data-act]", async (event) => {
			const $button = $(event.currentTarget);
			if ($button.attr("data-act") === "more") return read(rows.length);
			await page.call("undo", { act: $button.attr("data-name") }, "POST");
			frappe.show_alert({ message: __("Undone"), indicator: "blue" }, 3);
			await read(0);
			return page.load();
		});
		await read(0);
		dialog.show();
	};

	// Choose vouchers and how much of each; what they leave stays open, or is a fee, cents, a discount, too much. `done` is called with what is sent.
	picortex_xero.split_line = (page, done) => {
		const { line } = page.chosen;
		const left = Number(line.left);
		const sign = left < 0 ? -1 : 1;
		const chosen = new Map();
		let found = [];
		const rests = [
			["", __("Stays open on the line")],
			["cents", __("Small difference: write off")],
			["fee", __("Bank fee")],
			["discount", __("Discount")],
			["overpaid", __("Paid too much: stays with the party")],
		];
		const dialog = new frappe.ui.Dialog({
			title: __("What is this line about?"),
			size: "large",
			fields: [
				{ fieldname: "search", fieldtype: "Data", label: __("Number, party"), description: __("Open invoices and notes, and what is entered on this account") },
				{ fieldname: "list", fieldtype: "HTML" },
				{ fieldname: "rest", fieldtype: "Select", label: __("What is left over"), options: rests.map(([value, label]) => ({ value, label })), default: "" },
			],
			primary_action_label: __("Match", null, "Xero"),
			primary_action: ({ rest }) => {
				if (!chosen.size) return frappe.show_alert(__("Choose at least one"));
				const parts = [...chosen.values()].map(({ doctype, name, entered, part }) => [doctype, name, entered ? 1 : 0, String(part)]);
				dialog.hide();
				return done({ bank_transaction: line.name, left: line.left, parts: JSON.stringify(parts), rest: rest || "" });
			},
		});
		const rest = () => [...chosen.values()].reduce((sum, each) => flt(sum - each.part, 2), left);
		const draw = () => {
			const rows = found.map((each, at) => {
				const mine = chosen.get(each.doctype + each.name);
				const amount = mine ? `<input class="form-control input-xs text-right" data-at="${at}" value="${text(mine.part * sign)}" style="width: 110px; display: inline-block">` : money(each.amount, each.currency);
				return `<tr><td><input type="checkbox" data-at="${at}"${mine ? " checked" : ""}></td><td>${text(__(each.doctype))} ${text(each.name)}<div class="text-muted">${text(each.party)} · ${text(frappe.datetime.str_to_user(each.date))}</div></td><td class="text-right text-nowrap">${amount}</td></tr>`;
			});
			const body = rows.length ? rows.join("") : `<tr><td class="text-muted">${__("Nothing found")}</td></tr>`;
			dialog.fields_dict.list.$wrapper.html(`<div style="max-height: 300px; overflow-y: auto"><table class="table table-sm small"><tbody>${body}</tbody></table></div><p><b>${__("Left over")}: ${money(rest(), line.currency)}</b></p>`);
		};
		const search = async () => {
			found = (await page.call("choices", { bank_transaction: line.name, search: dialog.get_value("search") || "" })) || [];
			// What is chosen stays in sight.
			for (const each of chosen.values()) if (!found.some((other) => other.doctype + other.name === each.doctype + each.name)) found.unshift(each);
			draw();
		};
		dialog.fields_dict.list.$wrapper.on("change", "input[type=checkbox]", (event) => {
			const each = found[Number(event.currentTarget.dataset.at)];
			const id = each.doctype + each.name;
			if (!event.currentTarget.checked) chosen.delete(id);
			else {
				const open = rest();
				const amount = Number(each.amount);
				const fits = amount * open > 0 && Math.abs(amount) > Math.abs(open) ? open : amount;
				chosen.set(id, { ...each, part: fits });
			}
			draw();
		});
		dialog.fields_dict.list.$wrapper.on("change", "input:not([type=checkbox])", (event) => {
			const each = found[Number(event.currentTarget.dataset.at)];
			chosen.get(each.doctype + each.name).part = flt(event.currentTarget.value, 2) * sign;
			draw();
		});
		dialog.fields_dict.search.$input.on("input", frappe.utils.debounce(search, 300));
		dialog.show();
		return search();
	};
})();

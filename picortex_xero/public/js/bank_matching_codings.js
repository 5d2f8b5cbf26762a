// The page Bank Matching: as what a line is entered that no voucher explains, with its account, tax and cost centre; and the dialog in which a person says it himself.

frappe.provide("picortex_xero");

(() => {
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const money = (value, currency) => text(format_currency(value, currency));
	const key = (says) => `<kbd>${text(says)}</kbd>`;
	const FIELDS = ["entry", "account", "tax_doctype", "tax_template", "cost_center", "party_type", "party"];
	const SALES = "Sales Taxes and Charges Template";
	const PURCHASE = "Purchase Taxes and Charges Template";

	const rows_of = (rows, company) => {
		const currency = frappe.boot.sysdefaults && frappe.get_doc(":Company", company) ? frappe.get_doc(":Company", company).default_currency : undefined;
		return rows.map((row) => `<tr><td>${text(row.account)}<div class="text-muted">${row.is_tax ? __("tax") : text(row.cost_center)}</div></td><td class="text-right text-nowrap">${money(row.amount, currency)}</td></tr>`).join("");
	};

	// A reading that enters the line: accounts with amounts, why, Enter or a number, or change it first.
	picortex_xero.coding_card = (each, at, line, about) => {
		const why = each.why.map((reason) => `<li>${text(reason)}</li>`);
		const party = each.coding.party ? `<div class="small">${text(each.coding.party)}</div>` : "";
		const refused = each.refused ? `<div class="text-danger small">${text(each.refused)}</div>` : "";
		const says = about.submits_categorised ? __("Enter and Match") : __("Enter as Draft");
		const button = each.can && about.decides ? `<button class="btn btn-sm ${at ? "btn-default" : "btn-primary"}" data-act="accept" data-at="${at}">${text(says)} ${key(at ? at + 1 : "Enter")}</button> ` : "";
		const change = about.decides ? `<button class="btn btn-sm btn-default" data-act="change" data-at="${at}">${__("Change")}</button>` : "";
		return `<div class="frappe-card" style="padding: 10px; margin-bottom: 10px"><div class="flex justify-between"><b>${text(each.what)}</b><span class="indicator-pill ${each.score > 60 ? "blue" : "orange"}" title="${text(__("From 0 to 100"))}">${text(each.score)}</span></div>${party}<table class="table table-sm small" style="margin: 6px 0"><tbody>${rows_of(each.rows, about.company)}</tbody></table><ul class="small text-muted" style="padding-left: 18px">${why.join("")}</ul>${refused}${button}${change}</div>`;
	};

	// `done` is called with what is sent. Net and tax are shown as they are worked out.
	picortex_xero.code_line = (page, coding, done) => {
		const { line } = page.chosen;
		const of_company = (filters = {}) => () => ({ filters: { company: page.company, ...filters } });
		const said = () => Object.fromEntries(FIELDS.map((field) => [field, dialog.get_value(field) || ""]));
		let asked;
		const show = async () => {
			const now = (asked = {});
			const $at = dialog.fields_dict.rows.$wrapper;
			const values = said();
			if (!values.account && values.entry !== "Payment Entry") return $at.empty();
			const found = await page.call("coding_rows", { bank_transaction: line.name, coding: JSON.stringify(values) });
			if (asked !== now || !found) return undefined;
			return $at.html(found.refused ? `<p class="text-danger small">${text(found.refused)}</p>` : `<table class="table table-sm small"><tbody>${rows_of(found.rows, page.company)}</tbody></table>`);
		};
		const onchange = frappe.utils.debounce(show, 200);
		const journal = "eval:doc.entry != 'Payment Entry'";
		const dialog = new frappe.ui.Dialog({
			title: __("What is this line entered as?"),
			fields: [
				{ fieldtype: "HTML", fieldname: "about", options: `<p><b>${money(line.left, line.currency)}</b> ${text(line.description)}</p>` },
				{ fieldtype: "Select", fieldname: "entry", label: __("Entered As"), options: ["Journal Entry", "Bank Entry", "Payment Entry"].map((value) => ({ value, label: __(value) })), default: coding.entry || "Journal Entry", reqd: 1, onchange },
				{ fieldtype: "Link", fieldname: "account", label: __("Account"), options: "Account", get_query: of_company({ is_group: 0, disabled: 0 }), default: coding.account, onchange },
				{ fieldtype: "Select", fieldname: "tax_doctype", label: __("Tax By"), options: [{ value: "", label: "" }, { value: SALES, label: __(SALES) }, { value: PURCHASE, label: __(PURCHASE) }], default: coding.tax_doctype || (Number(line.left) < 0 ? PURCHASE : SALES), depends_on: journal, onchange },
				{ fieldtype: "Dynamic Link", fieldname: "tax_template", label: __("Tax"), options: "tax_doctype", get_query: of_company({ disabled: 0 }), default: coding.tax_template, depends_on: journal, description: __("The amount of the line has the tax in it"), onchange },
				{ fieldtype: "Column Break" },
				{ fieldtype: "Link", fieldname: "cost_center", label: __("Cost Center"), options: "Cost Center", get_query: of_company({ is_group: 0, disabled: 0 }), default: coding.cost_center, description: __("Empty: the company's"), onchange },
				{ fieldtype: "Select", fieldname: "party_type", label: __("Party Type"), options: ["", "Customer", "Supplier", "Employee"].map((value) => ({ value, label: value && __(value) })), default: coding.party_type, onchange },
				{ fieldtype: "Dynamic Link", fieldname: "party", label: __("Party"), options: "party_type", default: coding.party, depends_on: "party_type", onchange },
				{ fieldtype: "Section Break" },
				{ fieldtype: "HTML", fieldname: "rows" },
				{ fieldtype: "Check", fieldname: "remember", label: __("Remember this for {0}", [line.payee]), hidden: line.payee ? 0 : 1 },
			],
			primary_action_label: page.about.submits_categorised ? __("Enter and Match") : __("Enter as Draft"),
			primary_action: ({ remember }) => {
				const values = said();
				dialog.hide();
				return done({ bank_transaction: line.name, left: line.left, coding: JSON.stringify(values), remember: remember ? 1 : 0 });
			},
		});
		dialog.show();
		return show();
	};

	// What each rule of a company would have caught in the last year, and what people did with those lines.
	picortex_xero.preview_bank_rules = async (company) => {
		const dialog = new frappe.ui.Dialog({ title: __("What rules would have caught"), size: "extra-large", fields: [{ fieldname: "rules", fieldtype: "HTML" }] });
		dialog.show();
		const $at = dialog.fields_dict.rules.$wrapper.html(`<p class="text-muted">${__("Looking at the lines of the last year")}</p>`);
		const { message } = await frappe.call({ method: "picortex_xero.api.bank_rules.preview", args: { company }, type: "GET" });
		const head = [__("Rule"), __("Entered As"), __("Caught"), __("Open"), __("Entered the same"), __("Entered otherwise"), __("Caught by an earlier rule")].map((each, at) => `<th class="${at > 1 ? "text-right" : ""}">${text(each)}</th>`);
		const rows = message.rules.map((each) => {
			const figures = ["caught", "open", "same", "otherwise", "earlier"].map((name) => `<td class="text-right${name === "otherwise" && each[name] ? " text-danger" : ""}">${text(each[name])}</td>`);
			const off = each.enabled ? "" : ` <span class="indicator-pill grey">${__("Off")}</span>`;
			return `<tr><td><a href="/app/xero-bank-rule/${encodeURIComponent(each.name)}">${text(each.title)}</a>${off}</td><td>${text(each.to)}</td>${figures.join("")}</tr>`;
		});
		const none = message.rules.length ? "" : `<p class="text-muted">${__("There are no rules yet")}</p>`;
		const says = __("{0} bank lines from {1} on were looked at. A line goes to the first rule that holds.", [message.lines, message.since ? frappe.datetime.str_to_user(message.since) : ""]);
		$at.html(`<p class="text-muted small">${text(says)}</p>${none}<table class="table table-sm small"><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`);
	};
})();

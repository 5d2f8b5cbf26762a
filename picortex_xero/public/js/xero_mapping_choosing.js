// Choosing on the mapping page: the drop-down of a row, several rows at once, the treatment of a fee, and what is created in Xero, which is shown first and may be changed. Read after the page's own file.

(() => {
	const PROPOSE = { accounts: "picortex_xero.api.creating.proposed_account", tracking: "picortex_xero.api.creating.proposed_option" };
	const CREATE = { accounts: "picortex_xero.api.creating.create_account", tracking: "picortex_xero.api.creating.create_option" };
	const ANY_CLASS = "__any_class";
	const { text } = picortex_xero.mapping_shown;

	Object.assign(picortex_xero.MappingPage.prototype, {
		pick(event) {
			const row = this.row_of(event);
			if (this.kind === "fees") return this.pick_fee([row]);
			const offer = (name) => {
				const choices = [...picortex_xero.mapping_rows.offered(row, this.data.choices[name])];
				if (this.kind === "accounts" && name !== row.every) {
					choices.push({ id: ANY_CLASS, label: __("Another class, on purpose ..."), description: __("Shows the accounts of every class") });
				} else if (this.kind === "banks" && name !== row.every) {
					choices.push({ id: ANY_CLASS, label: __("No bank account, on purpose ..."), description: __("It takes payments of invoices and bills, and no money spent or received") });
				}
				this.drop_down($(event.currentTarget), row, choices, (choice) => {
					if (choice.id === ANY_CLASS) return offer(row.every);
					this.save([{ key: row.key, values: choice.values, was: row.values }], row);
				});
			};
			offer(row.choices);
		},

		// A searchable drop-down in the place of the button; nothing can be chosen that is not in it, and nothing is taken that was not meant.
		drop_down(button, row, choices, chosen) {
			this.body.find(".xm-input").trigger("blur");
			const input = $('<input class="form-control input-xs xm-input">').attr("placeholder", __("Search in Xero")).attr("aria-label", __("Search in Xero"));
			const box = $('<div class="xm-drop">').append(input).insertAfter(button.hide());
			const by_id = new Map(choices.map((each) => [each.id, each]));
			const list = new Awesomplete(input[0], {
				minChars: 0,
				maxItems: 400,
				tabSelect: true,
				sort: false,
				list: choices.map((each) => ({ label: `${each.label} ${each.description}`, value: each.id })),
				filter: (item, typed) => typed.toLowerCase().split(" ").every((word) => item.label.toLowerCase().includes(word)),
				item(item, _typed, at) {
					return draw_choice(by_id.get(item.value), `${this.ul.id}_item_${at}`);
				},
				replace: () => {},
			});
			const close = () => {
				list.destroy();
				box.remove();
				button.show();
			};
			input.on("awesomplete-selectcomplete", (event) => {
				const choice = by_id.get(event.originalEvent.text.value);
				close();
				button.trigger("focus");
				chosen(choice);
			});
			// A handler that answers false keeps the key from the field.
			input.on("keydown", (event) => {
				if (event.key !== "Escape") return;
				close();
				button.trigger("focus");
			});
			input.on("blur", () => setTimeout(() => document.body.contains(box[0]) && close(), 200));
			// The list was drawn anew: which of it is taken by Enter.
			const light = () => {
				const listed = list.suggestions.map((each) => by_id.get(each.value));
				const at = picortex_xero.mapping_rows.taken(row, input.val(), listed);
				if (at >= 0) list.goto(at);
			};
			input.on("input", light);
			input.trigger("focus");
			list.evaluate();
			light();
		},

		pick_ticked(event) {
			const rows = this.ticked();
			if (this.kind === "fees") return this.pick_fee(rows);
			// What every one of them may be mapped to.
			const lists = [...new Set(rows.map((row) => row.choices))].map((name) => this.data.choices[name]);
			const common = lists[0].filter((each) => lists.every((list) => list.some((other) => other.id === each.id)));
			if (!common.length) {
				return frappe.show_alert({ message: __("Nothing in Xero fits all of them: select rows of one class"), indicator: "orange" });
			}
			this.drop_down($(event.currentTarget), {}, common, (choice) => this.save(rows.map((row) => ({ key: row.key, values: choice.values, was: row.values }))));
		},

		// For one row or several: each is checked by itself, and what is refused is said row by row.
		pick_fee(rows) {
			const [row] = rows;
			const options = (field) => this.data.choices[this.data.fees[field]].map((each) => ({ value: each.id, label: each.label, description: each.description }));
			const now = picortex_xero.mapping_rows.common(rows, { treatment: "Fee" });
			const dialog = new frappe.ui.Dialog({
				title: rows.length === 1 ? text(row.label) : text(__("Set all {0} to ...", [rows.length])),
				fields: [
					{ fieldname: "treatment", fieldtype: "Select", label: __("In Xero It Is"), options: ["Fee", "Credit note", "Hold"].map((each) => ({ value: each, label: __(each) })), reqd: 1, default: now.treatment },
					{ fieldname: "tax_type", fieldtype: "Autocomplete", label: __("Xero Tax Type"), default: now.tax_type, depends_on: 'eval:doc.treatment != "Hold"' },
					{ fieldname: "clearing_account", fieldtype: "Autocomplete", label: __("Clearing Account"), default: now.clearing_account, depends_on: 'eval:doc.treatment == "Fee"', description: __("A bank account in Xero without a feed: the fee passes through it") },
					{ fieldname: "contact_name", fieldtype: "Data", label: __("Contact of the Fee"), default: now.contact_name, depends_on: 'eval:doc.treatment == "Fee"', description: __("Who gets the fee, for example the card company") },
				],
				primary_action_label: __("Save"),
				primary_action: (values) => {
					dialog.hide();
					const chosen = { treatment: values.treatment, tax_type: values.tax_type || "", clearing_account: values.clearing_account || "", contact_name: values.contact_name || "" };
					this.save(rows.map((each) => ({ key: each.key, values: chosen, was: each.values })), rows.length === 1 ? row : null);
				},
			});
			for (const field of ["tax_type", "clearing_account"]) offer_in_dialog(dialog.fields_dict[field], options(field));
			dialog.show();
		},

		async create(event) {
			const row = this.row_of(event);
			const account = this.kind === "accounts";
			const args = { connection: this.connection, [account ? "account" : "cost_center"]: row.key[0] };
			const { message: proposed } = await frappe.call({ method: PROPOSE[this.kind], args, type: "GET" });
			if (!proposed) return;
			if (proposed.why_not) return frappe.msgprint({ title: __("Create in Xero"), message: text(proposed.why_not), indicator: "orange" });
			const dialog = new frappe.ui.Dialog({
				title: __("Create in Xero"),
				fields: account ? fields_of_account(row, proposed) : fields_of_option(row, proposed),
				primary_action_label: __("Create"),
				primary_action: async (values) => {
					const chosen = account
						? { code: values.code, account_name: values.account_name, account_type: values.account_type, tax_type: values.tax_type }
						: { category: values.category, option: values.option };
					// What Xero or the server refuses is said, and the dialog stays as it was filled in.
					const { message } = await frappe.call({ method: CREATE[account ? "accounts" : "tracking"], args: { ...args, ...chosen }, freeze: true });
					if (!message) return;
					dialog.hide();
					await this.load();
					const there = message.was_there ? __("{0} was in Xero already", [values.account_name || values.option]) : __("{0} is in Xero now", [values.account_name || values.option]);
					frappe.show_alert({ message: text([there, message.hint].filter(Boolean).join(". ")), indicator: message.hint ? "orange" : "green" }, 8);
				},
			});
			if (account) {
				const { account_type, tax_type } = dialog.fields_dict;
				const offer = () => offer_in_dialog(tax_type, taxes_for(proposed, dialog.get_value("account_type") || proposed.type));
				account_type.df.onchange = offer;
				offer();
			} else {
				const open = proposed.categories.filter((each) => !each.full);
				const said = (each) => __("{0} of {1} options", [each.options, each.most]);
				offer_in_dialog(dialog.fields_dict.category, open.map((each) => ({ value: each.name, label: each.name, description: said(each) })));
			}
			dialog.show();
		},
	});

	function fields_of_account(row, { code, name, type, tax_type, types }) {
		return [
			{ fieldname: "for", fieldtype: "HTML", options: `<p>${text(__("For {0}", [row.label]))}</p>` },
			{ fieldname: "code", fieldtype: "Data", label: __("Code"), reqd: 1, default: code },
			{ fieldname: "account_name", fieldtype: "Data", label: __("Name"), reqd: 1, default: name },
			{ fieldname: "account_type", fieldtype: "Select", label: __("Type"), reqd: 1, options: types, default: type },
			{ fieldname: "tax_type", fieldtype: "Autocomplete", label: __("Tax Type"), reqd: 1, default: tax_type },
		];
	}

	function fields_of_option(row, { name, categories, hint }) {
		const first = categories.find((each) => !each.full);
		return [
			{ fieldname: "for", fieldtype: "HTML", options: `<p>${text(__("For {0}", [row.label]))}</p><p class="text-muted small">${text(hint)}</p>` },
			{ fieldname: "category", fieldtype: "Autocomplete", label: __("Tracking Category"), reqd: 1, default: first.name },
			{ fieldname: "option", fieldtype: "Data", label: __("Option"), reqd: 1, default: name },
		];
	}

	function taxes_for({ tax_types, tax_type }, kind) {
		const fitting = tax_types.filter((each) => each.types.includes(kind)).map((each) => ({ value: each.value, label: each.label, description: each.value }));
		return fitting.some((each) => each.value === tax_type) ? fitting : [{ value: tax_type, label: tax_type, description: "" }, ...fitting];
	}

	// The Desk's own drop-down draws labels as HTML: these are drawn as text.
	function offer_in_dialog(field, choices) {
		const by_id = new Map(choices.map((each) => [each.value, each]));
		const item = function (found, _typed, at) {
			return draw_choice(by_id.get(found.value) || found, `${this.ul.id}_item_${at}`);
		};
		const settings = Object.getPrototypeOf(field).get_awesomplete_settings;
		field.get_awesomplete_settings = function () {
			return { ...settings.call(this), item, autoFirst: false };
		};
		// What stands first is nobody's choice: Enter takes only what was gone to.
		if (field.awesomplete) Object.assign(field.awesomplete, { item, autoFirst: false });
		field.set_data(choices);
	}

	function draw_choice(choice, id) {
		const shown = $("<p>").append($("<strong>").text(choice.label));
		if (choice.description) shown.append(" ", $('<span class="small text-muted">').text(choice.description));
		if (choice.confidence) shown.append(" ", $('<span class="small text-muted">').text(__("Suggested {0}", [choice.confidence])));
		return $("<li>").attr({ role: "option", id, "aria-selected": "false" }).append(shown).get(0);
	}
})();

// A bank's statement file: what is in it, what is there already, and its import as Bank Transactions.

(() => {
	const IMPORT = "picortex_xero.api.statement_import.";
	const COLUMNS = ["date_column", "amount_column", "money_in_column", "money_out_column", "mark_column", "reference_column", "party_column", "balance_column", "account_column"];
	const COLOURS = { Draft: "blue", Running: "blue", Stopped: "orange", Done: "green", "Taken Back": "grey" };
	const LINE_COLOURS = { New: "blue", Made: "green", "There Already": "grey", "Perhaps There": "orange", "Left Out": "grey", Refused: "red", "Taken Away": "grey", Stays: "orange" };
	const STATES = ["", ...Object.keys(LINE_COLOURS)];
	const LOOK = 4000;
	const escaped = (text) => frappe.utils.escape_html(picortex_xero.shown(text));
	const word = (state) => __(state, null, "Xero Statement Line");

	const press = async (frm, method, args = {}) => {
		await frappe.call({ method: IMPORT + method, args: { statement_import: frm.doc.name, ...args }, freeze: true });
		await frm.reload_doc();
	};

	// A statement runs in the background: the form follows it.
	const follow = (frm) => {
		clearTimeout(frm.xero_follows);
		if (frm.doc.state !== "Running") return;
		const name = frm.doc.name;
		frm.xero_follows = setTimeout(() => {
			if (frm.doc.name === name && !frm.is_dirty() && $(frm.wrapper).is(":visible")) frm.reload_doc();
		}, LOOK);
	};

	const progress = (frm) => {
		const { lines, fresh, made, kept } = frm.doc;
		if (frm.doc.state !== "Running" || !lines) return;
		const left = frm.doc.phase === "Taking Back" ? made : fresh;
		frm.dashboard.add_progress(frm.doc.phase === "Taking Back" ? __("Taking back") : __("Importing"), Math.round((100 * (lines - left)) / lines), __("{0} of {1} lines are left", [left, lines]));
		frm.dashboard.show();
	};

	const offer = (frm) => {
		const found = (frm.doc.__onload || {}).columns || [];
		for (const field of COLUMNS) {
			const options = ["", ...found];
			if (frm.doc[field] && !options.includes(frm.doc[field])) options.push(frm.doc[field]);
			frm.set_df_property(field, "options", options);
		}
	};

	const row_of = (line, currency, asks) => {
		const words = [line.description, line.party_name, line.reference].filter(Boolean);
		const there = line.bank_transaction ? `<a href="/app/bank-transaction/${encodeURIComponent(line.bank_transaction)}">${escaped(line.bank_transaction)}</a>` : "";
		const why = line.reason ? `<div class="text-muted small">${escaped(picortex_xero.said(line.reason, line.reason_parts, "reason"))}</div>` : "";
		const tick = asks && line.state === "Perhaps There" ? `<input type="checkbox" class="xero-line" data-name="${escaped(line.name)}" aria-label="${escaped(__("Choose this line"))}">` : "";
		return `<tr><td>${tick}</td><td class="text-nowrap">${escaped(frappe.datetime.str_to_user(line.date))}</td><td>${escaped(words.join(" | "))}${why}</td><td class="text-right text-nowrap">${escaped(format_currency(line.amount, currency))}</td><td class="text-nowrap"><span class="indicator-pill ${LINE_COLOURS[line.state]}">${escaped(word(line.state))}</span></td><td>${there}</td></tr>`;
	};

	const draw = async (frm, state = "", start = 0) => {
		const $at = frm.get_field("preview").$wrapper;
		if (frm.is_new() || !frm.doc.lines) {
			$at.empty();
			return;
		}
		const { message } = await frappe.call({ method: `${IMPORT}lines`, args: { statement_import: frm.doc.name, line_state: state, start }, type: "GET" });
		const presses = frappe.boot.xero_presses && !["Running", "Taken Back"].includes(frm.doc.state);
		const asks = presses && message.figures.perhaps > 0;
		const figure = { New: "fresh", Made: "made", "There Already": "there", "Perhaps There": "perhaps", "Left Out": "left_out", Refused: "refused", "Taken Away": "taken_away", Stays: "kept" };
		const shown = STATES.filter((each) => !each || message.figures[figure[each]]);
		const options = shown.map((each) => `<option value="${escaped(each)}" ${each === state ? "selected" : ""}>${each ? `${escaped(word(each))}: ${message.figures[figure[each]]}` : escaped(__("All lines"))}</option>`);
		const head = ["", __("Date"), __("Text"), __("Amount"), __("State"), __("Bank Transaction")].map((each) => `<th>${escaped(each)}</th>`);
		const body = message.rows.map((line) => row_of(line, frm.doc.currency, asks));
		const leaves = `<button class="btn btn-default btn-sm" data-wanted="0">${__("Leave These Out")}</button>`;
		const takes = `<button class="btn btn-default btn-sm" data-wanted="1">${__("Import These Too")}</button>`;
		const buttons = asks
			? `<div class="alert alert-warning"><div>${escaped(__("{0} lines are perhaps Bank Transactions already that came by another way (Plaid, ERPNext's own import, another format of the file): same day and amount, and a text alike. Tick some, or none for all of them.", [message.figures.perhaps]))}</div>${leaves} ${takes}</div>`
			: "";
		const pages = `<div>${start ? `<button class="btn btn-default btn-xs" data-start="${Math.max(0, start - 50)}">${__("Earlier Lines")}</button>` : ""} ${message.more ? `<button class="btn btn-default btn-xs" data-start="${start + 50}">${__("Further Lines")}</button>` : ""}</div>`;
		$at.html(`${buttons}<p><select class="xero-line-state" aria-label="${escaped(__("Which lines are shown"))}">${options.join("")}</select></p><div style="overflow-x: auto"><table class="table table-bordered table-condensed"><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>${pages}`);
		$at.find(".xero-line-state").on("change", (event) => draw(frm, $(event.currentTarget).val(), 0));
		$at.find("[data-start]").on("click", (event) => draw(frm, state, Number($(event.currentTarget).attr("data-start"))));
		$at.find("[data-wanted]").on("click", (event) => {
			const names = $at.find(".xero-line:checked").map((_at, each) => $(each).attr("data-name")).get();
			press(frm, "decide", { lines: JSON.stringify(names), wanted: Number($(event.currentTarget).attr("data-wanted")) });
		});
	};

	const buttons = (frm) => {
		if (frm.is_new() || !frappe.boot.xero_presses) return;
		const { state, fresh, made, kept, reason, lines } = frm.doc;
		if (frm.is_dirty()) return;
		const begins = (state === "Draft" && !reason && lines) || state === "Stopped" || (state === "Done" && fresh);
		const doubted = state === "Draft" && frm.doc.account_doubt && !frm.doc.is_this_account;
		if (begins && !doubted) frm.add_custom_button(__("Import", null, "Xero"), () => press(frm, "start")).addClass("btn-primary");
		if (lines) frm.add_custom_button(__("All Lines"), () => frappe.set_route("List", "Xero Statement Line", "List", { statement_import: frm.doc.name }), __("View"));
		if (state === "Running") frm.add_custom_button(__("Stop"), () => press(frm, "stop"));
		if (["Done", "Stopped"].includes(state) && (made || kept)) {
			const asked = __("Bank Transactions of this import that nobody has reconciled are cancelled and deleted: {0} at most. Those that are reconciled stay.", [made + kept]);
			frm.add_custom_button(__("Take Back"), () => frappe.confirm(asked, () => press(frm, "take_back")));
		}
	};

	frappe.ui.form.on("Xero Statement Import", {
		setup(frm) {
			frm.set_query("bank_account", () => ({ filters: { is_company_account: 1 } }));
		},
		refresh(frm) {
			frm.page.set_indicator(__(frm.doc.state, null, "Xero Statement Import"), COLOURS[frm.doc.state]);
			const begun = !frm.is_new() && frm.doc.state !== "Draft";
			for (const field of ["bank_account", "statement_file", "is_this_account", ...COLUMNS, "date_order", "first_line", "text_columns", "money_out_positive", "decimal_comma"]) {
				frm.set_df_property(field, "read_only", begun ? 1 : 0);
			}
			if (begun) frm.disable_save();
			const doubt = frm.doc.state === "Draft" && frm.doc.account_doubt && !frm.doc.is_this_account ? picortex_xero.shown(frm.doc.account_doubt) : "";
			if (doubt) frm.set_intro(frappe.utils.escape_html(`${doubt}. ${__("Tick It Is This Bank Account and save, or choose another bank account or file.")}`), "orange");
			for (const field of ["opening_balance", "closing_balance"]) frm.toggle_display(field, Boolean(frm.doc[field === "opening_balance" ? "has_opening" : "has_closing"]));
			offer(frm);
			buttons(frm);
			progress(frm);
			draw(frm, frm.doc.perhaps && frm.doc.state === "Done" ? "Perhaps There" : "");
			follow(frm);
		},
	});
})();

// The table of the mapping page: a row for each of what documents use, left as it is here, right what it is in Xero. Every text from outside is drawn as text. Read after the page's own file.

(() => {
	const SWITCHED_OFF = {
		accounts: __("Creating accounts is switched off on the Xero Connection"),
		tracking: __("Creating tracking options is switched off on the Xero Connection"),
	};
	// As they are stored (accounting/mapping.py).
	const FEEDS = ["", "Here", "Only in Xero", "Here and in Xero"];
	const ENTERED = ["Here and in Xero", "Only Here", "Only in Xero"];
	const { text, user_time } = picortex_xero.mapping_shown;

	Object.assign(picortex_xero.MappingPage.prototype, {
		// Only where something that documents use has nothing in Xero that it could be.
		switched_off() {
			const off = this.data.creates[this.kind] === false && this.data.rows.some((row) => row.open && !row.suggestion);
			return off ? `<p class="text-muted small">${text(SWITCHED_OFF[this.kind])}</p>` : "";
		},

		shown() {
			return picortex_xero.mapping_rows.shown(this.data.rows, this.filter, this.words);
		},

		draw_rows() {
			const rows = this.shown();
			const counts = picortex_xero.mapping_rows.counts(this.data.rows, this.words);
			this.body.find("[data-filter]").each((_at, each) => $(each).find(".xm-count").text(counts[$(each).attr("data-filter")]));
			const check = this.may_write ? `<th><input type="checkbox" data-do="tick_all" aria-label="${__("Select all")}"></th>` : "";
			const money = this.kind === "taxes" ? __("Taxed in 12 months") : __("Moved in 12 months");
			const figures = this.kind === "defaults" ? "" : `<th class="xm-figure">${__("Documents")}</th><th class="xm-figure">${money}</th>`;
			const head = `<tr>${check}<th>${__("In ERPNext")}</th>${figures}<th>${__("In Xero")}</th><th>${__("Where it comes from")}</th></tr>`;
			const body = rows.map((row) => this.row(row)).join("");
			const none = this.filter === "open" ? __("Everything that documents use is mapped.") : __("Nothing here.");
			this.body
				.find(".xm-rows")
				.html(
					rows.length
						? `<table class="table table-bordered"><thead>${head}</thead><tbody>${body}</tbody></table>`
						: `<p class="text-muted">${none}</p>`
				);
			this.draw_selection();
		},

		row(row) {
			const key = text(JSON.stringify(row.key));
			const ticked = this.selected.has(JSON.stringify(row.key)) ? "checked" : "";
			const check = this.may_write ? `<td><input type="checkbox" class="xm-row-check" ${ticked} aria-label="${text(row.label)}"></td>` : "";
			const used = row.documents ? `<td class="xm-figure">${row.documents}</td><td class="xm-figure">${row.amount === null ? "" : text(format_currency(row.amount, this.data.currency))}</td>` : '<td class="xm-figure text-muted">0</td><td></td>';
			const detail = row.detail ? `<div class="text-muted small">${text(row.detail)}</div>` : "";
			const origin = row.origin ? text(row.origin) : row.default ? text(__("Default")) : "";
			const checked = row.last_checked ? `<div class="text-muted small">${text(__("Last checked {0}", [user_time(row.last_checked)]))}</div>` : "";
			const figures = this.kind === "defaults" ? "" : used;
			const marked = this.marked.has(JSON.stringify(row.key)) ? ' class="xm-marked"' : "";
			return `<tr data-key="${key}"${marked}>${check}<td><div class="xm-name">${text(row.label)}</div>${detail}</td>${figures}<td class="xm-there">${this.there(row)}</td><td>${origin}${checked}</td></tr>`;
		},

		// What it is in Xero: chosen, standing in, or suggested.
		there(row) {
			const shown = row.values ? this.said(row) : row.default || (row.needed && this.may_write ? __("Choose ...") : __("Not mapped"));
			const colour = row.changed.length ? "red" : row.values ? "green" : row.open ? "orange" : "grey";
			let drawn = `<span class="indicator ${colour}"></span>`;
			if (this.may_write) {
				drawn += `<button class="btn btn-default btn-xs xm-pick" data-do="pick">${text(shown)}</button>`;
				if (row.values) drawn += ` <button class="btn btn-link btn-xs" data-do="clear" title="${__("Take the mapping away")}" aria-label="${__("Take the mapping away")}">&times;</button>`;
			} else {
				drawn += text(shown);
			}
			if (this.kind === "banks" && row.values) drawn += this.where_entered(row) + this.where_fed(row);
			drawn += this.comes_back(row);
			drawn += row.changed.map((each) => `<div class="text-danger small">${text(each)}</div>`).join("");
			if (row.suggestion) {
				const { shown: target, confidence, band, reason } = row.suggestion;
				const accept = this.may_write ? ` <button class="btn btn-default btn-xs" data-do="accept_row">${__("Accept")}</button>` : "";
				const pill = { High: "green", Medium: "blue", Low: "grey" }[band];
				drawn += `<div class="xm-suggestion small"><span class="indicator-pill ${pill} no-indicator-dot">${text(confidence)}</span> ${text(target)}${accept}<div class="text-muted">${text(reason)}</div></div>`;
			} else if (row.nothing) {
				drawn += `<div class="text-muted small">${text(row.nothing)}</div>`;
			}
			if (this.may_write && this.data.creates[this.kind] && row.open && (row.suggestion || {}).band !== "High") {
				drawn += `<div><button class="btn btn-link btn-xs" data-do="create">${__("Create in Xero ...")}</button></div>`;
			}
			return drawn;
		},

		// Where payments of a bank account are entered.
		where_entered(row) {
			const now = row.values.payments_entered;
			if (!this.may_write) return `<div class="text-muted small">${text(__("Payments are entered: {0}", [__(now)]))}</div>`;
			const options = ENTERED.map((each) => `<option value="${text(each)}" ${each === now ? "selected" : ""}>${text(__(each))}</option>`).join("");
			return `<div class="small text-muted">${text(__("Payments are entered"))} <select class="xm-entered" aria-label="${text(__("Payments are entered"))}">${options}</select></div>`;
		},

		// Where the bank feed of an account is, and what follows from that (accounting/bank_feeds.py).
		where_fed(row) {
			const now = row.values.bank_feed || "";
			const said = row.feed_says ? `<div>${text(row.feed_says)}</div>` : "";
			if (!this.may_write) return `<div class="text-muted small">${text(__("Bank feed is: {0}", [now ? __(now) : __("not said yet")]))}${said}</div>`;
			const options = FEEDS.map((each) => `<option value="${text(each)}" ${each === now ? "selected" : ""}>${text(each ? __(each) : __("not said yet"))}</option>`).join("");
			return `<div class="small text-muted">${text(__("Bank feed is"))} <select class="xm-feed" aria-label="${text(__("Bank feed is"))}">${options}</select>${said}</div>`;
		},

		set_fed(event) {
			const row = this.row_of(event);
			this.save([{ key: row.key, values: { bank_feed: $(event.currentTarget).val() }, was: row.values }], row);
		},

		set_entered(event) {
			const row = this.row_of(event);
			this.save([{ key: row.key, values: { payments_entered: $(event.currentTarget).val() }, was: row.values }], row);
		},

		// Where several here stand for one in Xero: which of them takes what people enter there.
		comes_back(row) {
			if (!row.shared) return "";
			if (row.values.takes_what_comes_back) return `<div class="small"><span class="indicator-pill green no-indicator-dot">${__("Takes What Comes Back")}</span></div>`;
			return this.may_write ? `<div><button class="btn btn-link btn-xs" data-do="take_back">${__("Take What Comes Back")}</button></div>` : "";
		},

		take_back(event) {
			const row = this.row_of(event);
			this.save([{ key: row.key, values: { takes_what_comes_back: 1 }, was: row.values }], row);
		},

		said(row) {
			if (this.kind !== "fees") return row.shown;
			const { treatment, contact_name } = row.values;
			return [__(treatment), treatment === "Hold" ? "" : row.shown, contact_name].filter(Boolean).join(", ");
		},

		draw_selection() {
			const bar = this.body.find(".xm-selection").empty();
			const rows = this.ticked();
			if (!rows.length) return;
			const suggested = rows.filter((row) => row.suggestion).length;
			bar.append($("<b>").text(__("{0} selected", [rows.length])));
			if (suggested) bar.append(`<button class="btn btn-primary btn-sm" data-do="accept_ticked">${text(__("Accept their suggestions ({0})", [suggested]))}</button>`);
			bar.append(`<button class="btn btn-default btn-sm" data-do="pick_ticked">${__("Set all to ...")}</button>`);
			if (rows.some((row) => row.values)) bar.append(`<button class="btn btn-default btn-sm" data-do="clear_ticked">${__("Take their mappings away")}</button>`);
		},
	});
})();

// Mapping to Xero: one page, a tab for each kind. Left what documents use, right what it is in Xero. Every text from outside is drawn as text.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.provide("picortex_xero");

	frappe.pages["xero-mapping"].on_page_load = (wrapper) => {
		wrapper.mapping = new picortex_xero.MappingPage(wrapper);
	};
	frappe.pages["xero-mapping"].on_page_show = (wrapper) => wrapper.mapping.show();

	const API = "picortex_xero.api.mapping.";
	const PROPOSE = { accounts: "picortex_xero.api.creating.proposed_account", tracking: "picortex_xero.api.creating.proposed_option" };
	const CREATE = { accounts: "picortex_xero.api.creating.create_account", tracking: "picortex_xero.api.creating.create_option" };
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const KINDS = ["accounts", "taxes", "banks", "tracking", "fees", "defaults"];
	const TITLES = {
		accounts: __("Accounts"),
		taxes: __("Taxes"),
		banks: __("Bank and payment accounts"),
		tracking: __("Tracking"),
		fees: __("Fees, discounts and write-offs"),
		defaults: __("Defaults"),
	};
	const FILTERS = { open: __("Unmapped"), suggested: __("Suggested"), changed: __("Changed in Xero"), all: __("All") };
	const SWITCHED_OFF = {
		accounts: __("Creating accounts is switched off on the Xero Connection"),
		tracking: __("Creating tracking options is switched off on the Xero Connection"),
	};
	const ANY_CLASS = "__any_class";
	// As they are stored (accounting/mapping.py).
	const FEEDS = ["", "Here", "Only in Xero", "Here and in Xero"];
	const ENTERED = ["Here and in Xero", "Only Here", "Only in Xero"];

	picortex_xero.MappingPage = class {
		constructor(wrapper) {
			this.page = frappe.ui.make_app_page({ parent: wrapper, title: __("Mapping to Xero"), single_column: true });
			this.page.set_secondary_action(__("Refresh"), () => this.refresh());
			this.body = $('<div class="xero-mapping">').appendTo(this.page.main);
			this.selected = new Set();
			this.body.on("click", "[data-do]", (event) => this[$(event.currentTarget).attr("data-do")](event));
			this.body.on("change", ".xm-row-check", (event) => this.tick(event));
			this.body.on("change", ".xm-entered", (event) => this.set_entered(event));
			this.body.on("change", ".xm-feed", (event) => this.set_fed(event));
			this.body.on("input", ".xm-search", (event) => this.search(event.target.value));
			this.body.on("keydown", ".xm-pick", (event) => this.step(event));
			this.fresh = picortex_xero.stay_fresh({
				screen: "mapping",
				shown: () => picortex_xero.in_sight(wrapper) && this.connection,
				connection: () => this.connection,
				read: () => this.read_again(),
			});
		}

		// The route says which connection and kind: /app/xero-mapping/<connection>/<kind>.
		async show() {
			const [, connection, asked] = frappe.get_route();
			// What a cure under To Fix is about. The Desk hands options that nobody has read to the next list, and to the next new document.
			const { xero_row } = frappe.route_options || {};
			frappe.route_options = null;
			this.marked = new Set();
			const kind = asked === "payments" ? "banks" : asked;
			if (!connection) return this.choose_connection();
			const former = [this.connection, this.kind].join();
			[this.connection, this.kind] = [connection, KINDS.includes(kind) ? kind : "accounts"];
			if (former !== [this.connection, this.kind].join()) {
				this.selected.clear();
				this.filter = this.words = "";
			}
			await this.load();
			if (xero_row) await this.mark(xero_row);
		}

		// Shows and marks the rows that a cause is about, on the tab that has any.
		async mark(wanted) {
			const found = picortex_xero.mapping_rows.wanted(this.data.rows, wanted);
			if (!found.length) return this.look_further(wanted);
			this.filter = picortex_xero.mapping_rows.filter_for(found, this.filter);
			this.words = "";
			this.marked = new Set(found.map((row) => JSON.stringify(row.key)));
			this.draw();
			const first = this.body.find(".xm-marked").get(0);
			if (first) first.scrollIntoView({ block: "center" });
		}

		async look_further(wanted) {
			const tabs = wanted.tabs || [];
			for (const kind of tabs.slice(tabs.indexOf(this.kind) + 1)) {
				const { message } = await frappe.call({ method: API + "show", args: { connection: this.connection, mapping: kind }, type: "GET" });
				if (!message || !picortex_xero.mapping_rows.wanted(message.rows, wanted).length) continue;
				frappe.route_options = { xero_row: wanted };
				return frappe.set_route("xero-mapping", this.connection, kind);
			}
			// Which one it is Xero did not say, and its lists show nothing of it yet.
			if (wanted.changed) return;
			frappe.show_alert({ message: __("There is no such row any more: it may have been put right meanwhile"), indicator: "orange" });
		}

		async choose_connection() {
			const found = await frappe.db.get_list("Xero Connection", { fields: ["name", "company"], filters: { state: ["!=", "Retired"] }, limit: 50 });
			if (found.length === 1) return frappe.set_route("xero-mapping", found[0].name, "accounts");
			const links = found.map((each) => `<li><a href="/app/xero-mapping/${encodeURIComponent(each.name)}/accounts">${text(each.company)}</a></li>`);
			this.body.html(links.length ? `<ul>${links.join("")}</ul>` : `<p class="text-muted">${__("No company is connected to Xero yet.")}</p>`);
		}

		async load() {
			const asked = [this.connection, this.kind].join();
			this.fresh();
			const { message } = await frappe.call({ method: API + "show", args: { connection: this.connection, mapping: this.kind }, type: "GET" });
			if (!message || asked !== [this.connection, this.kind].join()) return;
			this.data = message;
			this.may_write = message.may_write;
			this.rows = new Map(message.rows.map((row) => [JSON.stringify(row.key), row]));
			this.selected = new Set([...this.selected].filter((key) => this.rows.has(key)));
			const open = message.rows.some((row) => row.open);
			// Once the last one is mapped, all of them are looked through.
			if (!this.filter || (this.filter === "open" && !open)) this.filter = open ? "open" : "all";
			this.draw();
			// A tab is done in the step of its kind; what has no step of its own belongs to accounts.
			const unsigned = this.kind === "taxes" && message.signed.state !== "checked";
			picortex_xero.next_step(this.page, this.connection, { taxes: "taxes", banks: "payments" }[this.kind] || "accounts", !open && !unsigned);
		}

		// What documents use is counted anew; of a long ledger a job does that, and the page shows it once it is done.
		async refresh() {
			if (!this.connection) return this.show();
			const { message: done } = await frappe.call({ method: API + "count_again", args: { connection: this.connection }, freeze: true });
			await this.read_again();
			if (!done) frappe.show_alert({ message: __("The documents are being counted; the figures change here by themselves"), indicator: "blue" });
		}

		// Read anew without anybody having pressed: whoever looks at it stays where he is.
		async read_again() {
			const top = window.scrollY;
			await this.load();
			window.scrollTo(0, top);
		}

		// Drawing

		draw() {
			const { company, organisation, read_at, counted_at } = this.data;
			this.draw_menu();
			const read = read_at ? __("Xero's lists were read on {0}", [user_time(read_at)]) : "";
			const counted = counted_at && this.kind !== "defaults" ? __("Documents and amounts as of {0}", [user_time(counted_at)]) : "";
			const between = [__("{0} here, {1} in Xero", [company, organisation]), counted].filter(Boolean).join(" · ");
			this.body.html(
				`<p class="text-muted">${text(between)}</p>${this.tabs()}${this.whose()}${this.kind === "taxes" ? this.sign_off() : ""}${this.tools()}${this.switched_off()}<div class="xm-rows"></div><p class="text-muted small">${text(read)}</p>`
			);
			this.draw_rows();
		}

		draw_menu() {
			this.page.clear_inner_toolbar();
			this.page.clear_menu();
			const connection = encodeURIComponent(this.connection);
			// Places to go to: nothing is done there by going.
			const places = [
				[__("Xero Connection"), ["Form", "Xero Connection", this.connection]],
				[__("Match contacts"), ["xero-contacts", this.connection]],
			];
			for (const [label, route] of places) this.page.add_inner_button(label, () => frappe.set_route(...route));
			picortex_xero.draw_next_step(this.page);
			if (this.kind !== "defaults") {
				const download = (form) => window.open(`/api/method/${API + "export"}?connection=${connection}&mapping=${this.kind}&form=${form}`);
				this.page.add_menu_item(__("Export as .xlsx"), () => download("xlsx"));
				this.page.add_menu_item(__("Export as .csv"), () => download("csv"));
				if (this.may_write) this.page.add_menu_item(__("Import a spreadsheet"), () => this.import_sheet());
			}
			this.page.add_menu_item(__("All changes"), () => frappe.set_route("List", "Xero Mapping Change", { connection: this.connection }));
		}

		tabs() {
			const tab = (kind) => {
				const { open, changed } = this.data.tabs[kind];
				const count = open + changed;
				const badge = count ? `<span class="indicator-pill ${changed ? "red" : "orange"} xm-tab-count">${count}</span>` : "";
				const active = kind === this.kind ? "active" : "";
				const address = `/app/xero-mapping/${encodeURIComponent(this.connection)}/${kind}`;
				return `<li class="nav-item"><a class="nav-link ${active}" href="${address}">${text(TITLES[kind])}${badge}</a></li>`;
			};
			return `<ul class="nav nav-tabs">${KINDS.map(tab).join("")}</ul>`;
		}

		// Who changes a mapping, for whoever may not.
		whose() {
			if (this.may_write) return "";
			const { admins } = this.data;
			const said = admins.length ? __("You can read this. To change it, ask a Xero Admin: {0}", [admins.join(", ")]) : __("You can read this. Only a Xero Admin changes it, and nobody has that role yet.");
			return `<p class="text-muted xm-whose">${text(said)}</p>`;
		}

		sign_off() {
			const { state, by, at } = this.data.signed;
			const said = {
				never: ["red", __("Nobody has checked these taxes yet. Going live needs it.")],
				checked: ["green", __("Checked by {0} on {1}", [by, user_time(at)])],
				"changed since": ["red", __("Changed since {0} checked it on {1}", [by, user_time(at)])],
			}[state];
			const button =
				state !== "checked" && frappe.boot.xero_presses
					? `<button class="btn btn-default btn-sm" data-do="sign_taxes">${__("I have checked these taxes")}</button>`
					: "";
			const back = this.data.signed.may_withdraw ? `<button class="btn btn-default btn-sm" data-do="withdraw_taxes">${__("Take It Back")}</button>` : "";
			return `<div class="xm-bar"><span class="indicator ${said[0]}">${text(said[1])}</span>${button}${back}</div>`;
		}

		tools() {
			const counts = picortex_xero.mapping_rows.counts(this.data.rows, this.words);
			const filters = Object.entries(FILTERS).map(
				([name, label]) =>
					`<button class="btn btn-default btn-sm ${name === this.filter ? "active btn-primary-light" : ""}" data-do="set_filter" data-filter="${name}">${text(label)} <span class="xm-count">${counts[name]}</span></button>`
			);
			const high = Object.values(this.data.tabs).reduce((sum, tab) => sum + tab.high, 0);
			const buttons = [];
			if (this.may_write && high) {
				buttons.push(`<button class="btn ${this.data.tabs[this.kind].open ? "btn-primary" : "btn-default"} btn-sm" data-do="accept_high">${text(__("Accept all with high confidence ({0})", [high]))}</button>`);
			}
			if (this.may_write && this.data.presses.length) {
				buttons.push(`<button class="btn btn-default btn-sm" data-do="undo_list">${__("Undo")}</button>`);
			}
			const search = `<input class="form-control input-sm xm-search" type="search" aria-label="${__("Search")}" placeholder="${__("Search")}" value="${text(this.words)}">`;
			return `<div class="xm-bar"><div class="btn-group" role="group">${filters.join("")}</div>${search}<span class="xm-space"></span>${buttons.join(" ")}</div><div class="xm-bar xm-selection xm-sticky"></div>`;
		}

		// Only where something that documents use has nothing in Xero that it could be.
		switched_off() {
			const off = this.data.creates[this.kind] === false && this.data.rows.some((row) => row.open && !row.suggestion);
			return off ? `<p class="text-muted small">${text(SWITCHED_OFF[this.kind])}</p>` : "";
		}

		shown() {
			return picortex_xero.mapping_rows.shown(this.data.rows, this.filter, this.words);
		}

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
		}

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
		}

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
		}

		// Where payments of a bank account are entered.
		where_entered(row) {
			const now = row.values.payments_entered;
			if (!this.may_write) return `<div class="text-muted small">${text(__("Payments are entered: {0}", [__(now)]))}</div>`;
			const options = ENTERED.map((each) => `<option value="${text(each)}" ${each === now ? "selected" : ""}>${text(__(each))}</option>`).join("");
			return `<div class="small text-muted">${text(__("Payments are entered"))} <select class="xm-entered" aria-label="${text(__("Payments are entered"))}">${options}</select></div>`;
		}

		// Where the bank feed of an account is, and what follows from that (accounting/bank_feeds.py).
		where_fed(row) {
			const now = row.values.bank_feed || "";
			const said = row.feed_says ? `<div>${text(row.feed_says)}</div>` : "";
			if (!this.may_write) return `<div class="text-muted small">${text(__("Bank feed is: {0}", [now ? __(now) : __("not said yet")]))}${said}</div>`;
			const options = FEEDS.map((each) => `<option value="${text(each)}" ${each === now ? "selected" : ""}>${text(each ? __(each) : __("not said yet"))}</option>`).join("");
			return `<div class="small text-muted">${text(__("Bank feed is"))} <select class="xm-feed" aria-label="${text(__("Bank feed is"))}">${options}</select>${said}</div>`;
		}

		set_fed(event) {
			const row = this.row_of(event);
			this.save([{ key: row.key, values: { bank_feed: $(event.currentTarget).val() }, was: row.values }], row);
		}

		set_entered(event) {
			const row = this.row_of(event);
			this.save([{ key: row.key, values: { payments_entered: $(event.currentTarget).val() }, was: row.values }], row);
		}

		// Where several here stand for one in Xero: which of them takes what people enter there.
		comes_back(row) {
			if (!row.shared) return "";
			if (row.values.takes_what_comes_back) return `<div class="small"><span class="indicator-pill green no-indicator-dot">${__("Takes What Comes Back")}</span></div>`;
			return this.may_write ? `<div><button class="btn btn-link btn-xs" data-do="take_back">${__("Take What Comes Back")}</button></div>` : "";
		}

		take_back(event) {
			const row = this.row_of(event);
			this.save([{ key: row.key, values: { takes_what_comes_back: 1 }, was: row.values }], row);
		}

		said(row) {
			if (this.kind !== "fees") return row.shown;
			const { treatment, contact_name } = row.values;
			return [__(treatment), treatment === "Hold" ? "" : row.shown, contact_name].filter(Boolean).join(", ");
		}

		draw_selection() {
			const bar = this.body.find(".xm-selection").empty();
			const rows = this.ticked();
			if (!rows.length) return;
			const suggested = rows.filter((row) => row.suggestion).length;
			bar.append($("<b>").text(__("{0} selected", [rows.length])));
			if (suggested) bar.append(`<button class="btn btn-primary btn-sm" data-do="accept_ticked">${text(__("Accept their suggestions ({0})", [suggested]))}</button>`);
			bar.append(`<button class="btn btn-default btn-sm" data-do="pick_ticked">${__("Set all to ...")}</button>`);
			if (rows.some((row) => row.values)) bar.append(`<button class="btn btn-default btn-sm" data-do="clear_ticked">${__("Take their mappings away")}</button>`);
		}

		// Choosing rows

		set_filter(event) {
			this.filter = $(event.currentTarget).attr("data-filter");
			this.selected.clear();
			this.draw();
		}

		search(words) {
			this.words = words;
			clearTimeout(this.searching);
			this.searching = setTimeout(() => this.draw_rows(), 150);
		}

		row_of(event) {
			return this.rows.get($(event.currentTarget).closest("tr").attr("data-key"));
		}

		tick(event) {
			const key = $(event.currentTarget).closest("tr").attr("data-key");
			this.selected[event.currentTarget.checked ? "add" : "delete"](key);
			this.draw_selection();
		}

		tick_all(event) {
			const all = event.currentTarget.checked;
			for (const row of this.shown()) this.selected[all ? "add" : "delete"](JSON.stringify(row.key));
			this.body.find(".xm-row-check").prop("checked", all);
			this.draw_selection();
		}

		ticked() {
			return [...this.selected].map((key) => this.rows.get(key)).filter(Boolean);
		}

		// Up and down go from row to row.
		step(event) {
			if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
			event.preventDefault();
			const all = this.body.find(".xm-pick");
			all.eq(Math.max(0, all.index(event.currentTarget) + (event.key === "ArrowDown" ? 1 : -1))).trigger("focus");
		}

		// Choosing values

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
		}

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
		}

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
		}

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
		}

		clear(event) {
			const row = this.row_of(event);
			this.save([{ key: row.key, values: null, was: row.values }], row);
		}

		clear_ticked() {
			this.save(this.ticked().filter((row) => row.values).map((row) => ({ key: row.key, values: null, was: row.values })));
		}

		// Creating in Xero: what it would be is shown first, and may be changed.

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
		}

		// Pressing

		save(rows, focused) {
			return this.press(API + "save", { mapping: this.kind, rows: JSON.stringify(rows) }, focused);
		}

		accept_row(event) {
			const row = this.row_of(event);
			return this.press(API + "accept", { ...this.suggested([row]), unsure: 1 }, row);
		}

		// Those that are not certain are named once, and taken when the person says so.
		accept_ticked() {
			const rows = this.ticked().filter((row) => row.suggestion);
			const unsure = picortex_xero.mapping_rows.unsure(rows);
			const accept = () => this.press(API + "accept", { ...this.suggested(rows), unsure: 1 });
			if (!unsure.length) return accept();
			const lines = unsure.map(
				(row) => `<tr><td>${text(row.label)}</td><td>${text(row.suggestion.shown)}</td><td>${text(row.suggestion.confidence)}</td></tr>`
			);
			const heads = [__("In ERPNext"), __("Suggested in Xero"), __("How sure (1.00 is certain)")].map((head) => `<th>${text(head)}</th>`);
			const asked = unsure.length === 1 ? __("One of these suggestions is not certain. Accept it, too?") : __("{0} of these suggestions are not certain. Accept them, too?", [unsure.length]);
			const only = rows.filter((row) => !unsure.includes(row));
			const dialog = new frappe.ui.Dialog({
				title: __("Accept suggestions"),
				fields: [{ fieldname: "unsure", fieldtype: "HTML" }],
				primary_action_label: __("Accept All {0}", [rows.length]),
				primary_action: () => {
					dialog.hide();
					accept();
				},
				secondary_action_label: only.length ? __("Only the Certain Ones ({0})", [only.length]) : __("Cancel"),
				secondary_action: () => {
					dialog.hide();
					if (only.length) this.press(API + "accept", this.suggested(only));
				},
			});
			dialog.fields_dict.unsure.$wrapper.html(`<p>${text(asked)}</p><table class="table table-bordered"><thead><tr>${heads.join("")}</tr></thead><tbody>${lines.join("")}</tbody></table>`);
			dialog.show();
		}

		// With what was suggested for them: another suggestion of now was not seen.
		suggested(rows) {
			const [keys, suggested] = [rows.map((row) => row.key), rows.map((row) => row.suggestion.values)].map((each) => JSON.stringify(each));
			return { mapping: this.kind, keys, suggested };
		}

		accept_high() {
			return this.press(API + "accept", { mapping: "" });
		}

		// A signature: what it says is read before it is given, and it can be taken back.
		sign_taxes() {
			const { seen, taxes, now } = this.data.signed;
			const open = this.data.rows.filter((row) => row.open).length;
			const { company } = this.data;
			const said = [
				taxes === 1
					? __("You sign that the one tax mapped here for {0} is mapped as it is filed, as of {1}.", [company, user_time(now)])
					: __("You sign that the {0} taxes mapped here for {1} are mapped as they are filed, as of {2}.", [taxes, company, user_time(now)]),
				open ? (open === 1 ? __("One tax that documents use is not mapped: it is not signed.") : __("{0} taxes that documents use are not mapped: they are not signed.", [open])) : "",
				__("Your name and the time are kept in the history. Any later change of a tax shows here; you or a Xero Admin can take it back."),
			];
			frappe.confirm(said.filter(Boolean).map((each) => `<p>${text(each)}</p>`).join(""), () => this.press(API + "sign_taxes", { seen }));
		}

		withdraw_taxes() {
			const { by, at } = this.data.signed;
			const said = __("Take back that {0} checked these taxes on {1}? Nothing that is sent changes by it; before going live somebody has to check them anew.", [by, user_time(at)]);
			frappe.confirm(text(said), () => this.press(API + "withdraw_taxes", {}));
		}

		// The undoing is a press like any other: it is said that it worked, and may be undone itself.
		undo(batch) {
			return this.press(API + "undo", { batch }, null, (count) => (count === 1 ? __("One mapping is as it was before") : __("{0} mappings are as they were before", [count])));
		}

		// One press: what was refused is said row by row, the rest is saved; the row that was worked on keeps the focus.
		async press(method, args, focused, said = (count) => (count === 1 ? __("Saved.") : __("{0} mappings saved.", [count]))) {
			const { message } = await frappe.call({ method, args: { connection: this.connection, ...args }, freeze: true });
			const top = window.scrollY;
			if (!focused) this.selected.clear();
			await this.load();
			window.scrollTo(0, top);
			if (focused) this.body.find("tr").filter((_at, row) => $(row).attr("data-key") === JSON.stringify(focused.key)).find(".xm-pick").trigger("focus");
			if (!message) return;
			if (message.saved) this.say_saved(message, said(message.saved));
			if (message.refused.length) {
				const rows = message.refused.map((each) => `<tr><td>${text(each.label)}</td><td>${text(each.message)}</td></tr>`);
				frappe.msgprint({ title: __("Not saved"), indicator: "orange", message: `<table class="table table-bordered">${rows.join("")}</table>` });
			}
		}

		say_saved({ batch }, said) {
			const alert = frappe.show_alert({ message: `${text(said)}&nbsp; <button class="btn btn-default btn-xs xm-undo">${__("Undo")}</button>`, indicator: "green" }, 8);
			// Of this press alone: several such alerts may stand there.
			alert.find(".xm-undo").one("click", () => this.undo(batch));
		}

		undo_list() {
			const how = { Chosen: __("chosen"), Suggested: __("suggestions accepted"), Imported: __("from a spreadsheet"), Undone: __("put back") };
			const rows = this.data.presses.map(
				(press) =>
					`<tr><td>${text(user_time(press.at))}</td><td>${text(press.by)}</td><td>${text(picortex_shown(press.subject))}${press.rows > 1 ? text(__(" and {0} more", [press.rows - 1])) : ""}: ${text(how[press.how])}</td>` +
					`<td><button class="btn btn-default btn-xs" data-batch="${text(press.batch)}">${__("Undo")}</button></td></tr>`
			);
			const dialog = new frappe.ui.Dialog({ title: __("Undo"), size: "large", fields: [{ fieldname: "presses", fieldtype: "HTML" }] });
			dialog.fields_dict.presses.$wrapper.html(`<table class="table table-bordered">${rows.join("")}</table>`).on("click", "[data-batch]", (event) => {
				dialog.hide();
				this.undo($(event.currentTarget).attr("data-batch"));
			});
			dialog.show();
		}

		// A spreadsheet: what it would change is shown before anything is changed.
		import_sheet() {
			const dialog = new frappe.ui.Dialog({
				title: __("Import a spreadsheet"),
				size: "extra-large",
				fields: [{ fieldname: "file", fieldtype: "HTML" }, { fieldname: "preview", fieldtype: "HTML" }],
			});
			const input = $('<input type="file" accept=".xlsx,.csv">').attr("aria-label", __("Spreadsheet"));
			dialog.fields_dict.file.$wrapper.append($("<p>").text(__("An export of this screen, filled in. An empty cell leaves a mapping as it is.")), input);
			input.on("change", async () => {
				const file = input[0].files[0];
				if (!file) return;
				const sheet = { connection: this.connection, mapping: this.kind, filename: file.name, content: await base64_of(file) };
				const { message } = await frappe.call({ method: API + "preview_sheet", args: sheet, freeze: true });
				if (message) this.show_preview(dialog, sheet, message);
			});
			dialog.show();
		}

		show_preview(dialog, sheet, { rows, same, right, wrong }) {
			const lines = rows.map(
				(row) =>
					`<tr><td>${row.number}</td><td>${text(row.label)}</td><td>${text(row.before)}</td><td>${text(row.after)}</td><td class="text-danger">${text(row.problem)}</td></tr>`
			);
			const heads = [__("Row"), __("In ERPNext"), __("Now"), __("Then"), __("What is wrong")].map((head) => `<th>${head}</th>`).join("");
			const said = __("Rows that would change: {0}; wrong: {1}; staying as they are: {2}.", [right, wrong, same]);
			dialog.fields_dict.preview.$wrapper.html(
				`<p>${text(said)}</p>${rows.length ? `<table class="table table-bordered"><thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table>` : ""}`
			);
			if (!right) return dialog.get_primary_btn().addClass("hide");
			dialog.set_primary_action(wrong ? __("Take the right ones ({0})", [right]) : __("Take all ({0})", [right]), async () => {
				dialog.hide();
				const { message } = await frappe.call({ method: API + "import_sheet", args: { ...sheet, right_ones: wrong ? 1 : 0 }, freeze: true });
				await this.load();
				if (message) frappe.show_alert({ message: message.right === 1 ? __("Saved.") : __("{0} mappings saved.", [message.right]), indicator: "green" });
			});
		}
	};

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

	// Stored texts have "<" as its entity (public/js/xero_texts.js).
	function picortex_shown(stored) {
		return String(stored ?? "").replace(/&lt;/g, "<");
	}

	// Times come in UTC; the Desk wants them in the site's time and shows them in the user's.
	function user_time(at) {
		if (!at) return "";
		const zone = frappe.boot.time_zone && frappe.boot.time_zone.system;
		const read = moment.utc(at);
		return frappe.datetime.str_to_user((zone ? read.tz(zone) : read.local()).format(frappe.defaultDatetimeFormat));
	}

	async function base64_of(file) {
		const bytes = new Uint8Array(await file.arrayBuffer());
		let binary = "";
		for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
		return btoa(binary);
	}
})();

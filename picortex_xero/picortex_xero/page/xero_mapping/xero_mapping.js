// Mapping to Xero: one page, a tab for each kind. Left what documents use, right what it is in Xero. Every text from outside is drawn as text.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.provide("picortex_xero");

	frappe.pages["xero-mapping"].on_page_load = (wrapper) => {
		wrapper.mapping = new picortex_xero.MappingPage(wrapper);
	};
	frappe.pages["xero-mapping"].on_page_show = (wrapper) => wrapper.mapping.show();

	const API = "picortex_xero.api.mapping.";
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

		clear(event) {
			const row = this.row_of(event);
			this.save([{ key: row.key, values: null, was: row.values }], row);
		}

		clear_ticked() {
			this.save(this.ticked().filter((row) => row.values).map((row) => ({ key: row.key, values: null, was: row.values })));
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
	};

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

	// What the other files of this page draw with, too.
	picortex_xero.mapping_shown = { text, user_time };
})();

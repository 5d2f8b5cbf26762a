// Bank Matching: bank lines left, what each may be about right, with why and how sure. Accept with Enter, the next line follows. Everything that comes from the server is text here, and
// is escaped. Lists come page by page: ten thousand lines are as fast as ten.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.pages["bank-matching"].on_page_load = (wrapper) => (wrapper.bank_matching = picortex_xero.begin_page(wrapper, __("Bank Matching"), BankMatching));

	const MATCHING = "picortex_xero.api.bank_matching.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const STATES = { Proposed: "blue", Abstained: "orange", Draft: "yellow", Accepted: "green", Automatic: "green", Undone: "grey" };
	const OPEN = ["Proposed", "Abstained", "Undone"];
	const word = (value) => text(__(value, null, "Xero Bank Proposal"));
	const pill = (value) => `<span class="indicator-pill text-nowrap ${STATES[value] || "grey"}">${word(value)}</span>`;
	const money = (value, currency) => text(format_currency(value, currency));
	const day = (value) => text(value ? frappe.datetime.str_to_user(value) : "");
	const key = (says) => `<kbd>${text(says)}</kbd>`;

	class BankMatching {
		constructor(page) {
			Object.assign(this, { page, rows: [], at: -1, filters: { state: "Proposed", bank_account: "", search: "", least: "", most: "", unexplained: 0 } });
			this.$body = $('<div class="bank-matching" style="padding: 15px" tabindex="-1"></div>').appendTo(page.body);
			this.$body.on("click", "[data-act]", (event) => {
				event.preventDefault();
				return this.pressed($(event.currentTarget));
			});
			this.$body.on("change", "[data-filter]", (event) => this.filter($(event.currentTarget).attr("data-filter"), event.currentTarget.value));
			this.keys = (event) => this.key(event);
			page.set_secondary_action(__("Refresh"), () => this.load());
			page.add_menu_item(__("Look again at all lines"), () => this.look_again());
			page.add_menu_item(__("What was done"), () => this.acts());
			page.add_menu_item(__("Settings of this company"), () => this.settings());
			page.add_menu_item(__("Rules for bank lines"), () => frappe.set_route("List", "Xero Bank Rule", "List", { company: this.company }));
			page.add_menu_item(__("What is known of payees"), () => frappe.set_route("List", "Xero Bank Memory", "List", { company: this.company }));
			page.add_menu_item(__("What rules would have caught"), () => picortex_xero.preview_bank_rules(this.company));
			page.add_menu_item(__("Bank Reconciliation Tool"), () => frappe.set_route("bank-reconciliation-tool"));
		}

		call(method, args, type = "GET") {
			return frappe.call({ method: MATCHING + method, args, type, freeze: type === "POST" }).then(({ message }) => message);
		}

		// The route names a company: /app/bank-matching/<company>.
		async show() {
			document.addEventListener("keydown", this.keys);
			const [, named] = frappe.get_route();
			if (!named) {
				const [first] = await frappe.db.get_list("Company", { fields: ["name"], limit: 1 });
				const found = frappe.defaults.get_user_default("Company") || (first && first.name);
				return found ? frappe.set_route("bank-matching", found) : this.$body.html(`<p class="text-muted">${__("There is no company that you may see")}</p>`);
			}
			if (this.company !== named) Object.assign(this, { company: named, at: -1 });
			return this.load();
		}

		hide() {
			document.removeEventListener("keydown", this.keys);
		}

		async load() {
			const { company } = this;
			this.about = await this.call("about", { company });
			if (!this.about || company !== this.company) return;
			this.page.set_title(`${__("Bank Matching")}: ${company}`);
			if (!this.about.enabled) return this.$body.html(this.off());
			await this.read(0);
		}

		// Nothing is matched until somebody says so.
		off() {
			const says = __("Bank lines of {0} are not matched yet. With a Xero Bank Setting of the company each line of its bank accounts gets proposals with reasons; nothing is matched without a person unless you switch that on.", [this.company]);
			const button = this.about.setting || frappe.model.can_create("Xero Bank Setting") ? `<button class="btn btn-primary btn-sm" data-act="settings">${this.about.setting ? __("Open Settings") : __("Set Up Bank Matching")}</button>` : "";
			return `<p>${text(says)}</p>${button}`;
		}

		settings() {
			if (this.about.setting) return frappe.set_route("Form", "Xero Bank Setting", this.about.setting);
			return frappe.new_doc("Xero Bank Setting", { company: this.company });
		}

		async read(start) {
			const args = { company: this.company, ...this.filters, start };
			const found = await this.call("lines", args);
			if (!found) return;
			this.rows = start ? [...this.rows, ...found.rows] : found.rows;
			Object.assign(this, { more: found.more, counts: found.counts, unexplained: found.unexplained, coded: found.coded });
			this.draw();
			if (!start) await this.choose(Math.min(Math.max(this.at, 0), this.rows.length - 1));
		}

		draw() {
			const scroll = this.$body.find(".lines").scrollTop() || 0;
			this.$body.html(`${this.said()}${this.bar()}<div class="row"><div class="col-md-6 lines" style="max-height: calc(100vh - 270px); overflow-y: auto">${this.list()}</div><div class="col-md-6 chosen"></div></div>`);
			this.$body.find(".lines").scrollTop(scroll);
			this.beside();
		}

		said() {
			const about = this.about;
			const until = about.closed_until ? `${__("Closed until {0}: nothing is entered there.", [frappe.datetime.str_to_user(about.closed_until)])} ` : "";
			const when = about.looked_at ? "" : `${__("The first look at the lines is under way or has not begun.")} `;
			const old = about.looked_at && about.outdated ? `${__("Something has changed since the last look; the next one comes within ten minutes.")} <a href="#" data-act="look_again">${__("Look now")}</a> ` : "";
			const alone = about.automatic === "Off" ? __("Nothing is matched without a person.") : `${__("Without a person")}: ${text(__(about.automatic, null, "Xero Bank Setting"))}.`;
			return `<p class="text-muted small">${text(until)}${text(when)}${old}${alone}</p>`;
		}

		bar() {
			const states = Object.keys(STATES).map((each) => this.chip(word(each), this.counts[each], this.filters.state === each && !this.filters.unexplained, `data-act="state" data-state="${each}"`));
			const nothing = [[2, __("By rule or payee"), this.coded], [1, __("Nothing fits"), this.unexplained]].map(([kind, says, count]) => this.chip(text(says), count, this.filters.unexplained === kind, `data-act="unexplained" data-kind="${kind}"`));
			const accounts = this.about.accounts.map((each) => `<option value="${text(each.name)}"${each.name === this.filters.bank_account ? " selected" : ""}>${text(each.name)}</option>`);
			const input = (name, says, width) => `<input class="form-control input-xs" data-filter="${name}" placeholder="${text(says)}" value="${text(this.filters[name])}" style="width: ${width}px; display: inline-block; margin-right: 6px">`;
			return `<div style="margin-bottom: 8px">${states.join(" ")} ${nothing.join(" ")}</div>
				<div style="margin-bottom: 10px"><select class="form-control input-xs" data-filter="bank_account" style="width: 220px; display: inline-block; margin-right: 6px"><option value="">${__("All bank accounts")}</option>${accounts.join("")}</select>${input("search", __("Text, reference, party"), 200)}${input("least", __("Amount from"), 110)}${input("most", __("to", null, "Xero"), 110)}</div>`;
		}

		chip(says, count, chosen, attributes) {
			return `<button class="btn btn-xs ${chosen ? "btn-primary" : "btn-default"}" ${attributes}>${says} <b>${text(count)}</b></button>`;
		}

		list() {
			if (!this.rows.length) return `<p class="text-muted">${__("No lines")}</p>`;
			const rows = this.rows.map((each, at) => {
				const ready = each.ready ? `<span class="indicator green" title="${text(__("Sure enough"))}"></span>` : "";
				const why = each.trouble || each.why;
				return `<tr data-act="choose" data-at="${at}" style="cursor: pointer${at === this.at ? "; background: var(--control-bg)" : ""}"><td class="text-nowrap">${day(each.date)}</td><td><div>${text(each.description)}</div><div class="text-muted ellipsis" style="max-width: 320px">${ready}${text(why)}</div></td><td class="text-right text-nowrap" style="color: var(${each.amount < 0 ? "--red-600" : "--green-600"})">${money(each.amount, each.currency)}</td><td class="text-right">${each.score ? text(each.score) : ""}</td></tr>`;
			});
			const more = this.more ? `<button class="btn btn-xs btn-default" data-act="more">${__("Show More")}</button>` : "";
			return `<table class="table table-sm small"><tbody>${rows.join("")}</tbody></table>${more}`;
		}

		async choose(at) {
			this.at = at;
			this.chosen = null;
			const row = this.rows[at];
			this.$body.find("tr[data-at]").css("background", "");
			const $row = this.$body.find(`tr[data-at="${at}"]`).css("background", "var(--control-bg)");
			if ($row.length) $row[0].scrollIntoView({ block: "nearest" });
			if (!row) return this.beside();
			const found = await this.call("line", { bank_transaction: row.bank_transaction });
			if (this.rows[this.at] !== row || !found) return undefined;
			this.chosen = found;
			return this.beside();
		}

		beside() {
			const $side = this.$body.find(".chosen");
			if (!this.chosen) return $side.html(this.rows.length ? "" : `<p class="text-muted">${__("Choose other filters, or import a bank statement.")}</p>`);
			const { line, readings, acts } = this.chosen;
			const link = `<a href="/app/bank-transaction/${encodeURIComponent(line.name)}">${text(line.name)}</a>`;
			const head = `<div style="margin-bottom: 10px"><h4 style="margin: 0">${money(line.left, line.currency)} ${line.state ? pill(line.state) : ""}</h4><div>${text(line.description)}</div><div class="text-muted small">${day(line.date)} · ${text(line.bank_account)} · ${link}</div>${line.trouble ? `<div class="alert alert-warning small">${text(line.trouble)}</div>` : ""}</div>`;
			const open = this.open(line);
			const waits = line.waits ? `<p class="text-muted">${__("A draft was made for this line. Once it is submitted, the line is matched with it; undo it to enter something else.")}</p>` : "";
			const not_coded = open && line.not_coded ? `<div class="alert alert-info small">${text(line.not_coded)}</div>` : "";
			const none = open && !readings.length && !line.not_coded ? `<p class="text-muted">${__("No voucher explains this line, and no rule or payee says what it is: enter what it is about, or choose it yourself.")}</p>` : "";
			const cards = readings.map((each, at) => this.reading(each, at, line));
			const split = open && this.about.decides ? `<button class="btn btn-sm btn-default" data-act="split">${__("Choose and split")} ${key("S")}</button>` : "";
			const code = open && this.about.decides && !line.not_coded ? ` <button class="btn btn-sm btn-default" data-act="code">${__("Enter on an Account")} ${key("C")}</button>` : "";
			const keys = open ? `<p class="text-muted small" style="margin-top: 10px">${key("Enter")} ${__("accept the first")} · ${key("1")}–${key("5")} ${__("accept another")} · ${key("↓")} ${key("↑")} ${__("next, previous")} · ${key("U")} ${__("undo the last")}</p>` : "";
			return $side.html(`${head}${waits}${not_coded}${none}${cards.join("")}${split}${code}${picortex_xero.bank_acts(acts, this.about.decides)}${keys}`);
		}

		// Something may still be done with it.
		open(line) {
			return Number(line.left) !== 0 && line.docstatus === 1 && !line.waits;
		}

		reading(each, at, line) {
			if (each.coding) return picortex_xero.coding_card(each, at, line, this.about);
			const parts = each.parts.map((part) => {
				const address = frappe.utils.get_form_link(part.doctype, part.name);
				const about = [part.party, part.reference, part.date ? frappe.datetime.str_to_user(part.date) : ""].filter(Boolean).join(" · ");
				const gone = part.cancelled ? `<span class="indicator-pill red">${__("Cancelled")}</span>` : "";
				return `<tr><td>${text(__(part.doctype))} <a href="${text(address)}">${text(part.name)}</a> ${gone}<div class="text-muted">${text(about)}</div></td><td class="text-right text-nowrap">${money(part.amount, line.currency)}</td></tr>`;
			});
			const other = each.other && each.other.name ? `<tr><td>${day(each.other.date)} ${text(each.other.bank_account)}<div class="text-muted">${text(each.other.description)}</div></td><td class="text-right">${money(each.other.left, each.other.currency)}</td></tr>` : "";
			const rest = Number(each.difference) ? `<tr><td>${text(each.difference_is)}</td><td class="text-right">${money(each.difference, line.currency)}</td></tr>` : "";
			const why = each.why.map((reason) => `<li>${text(reason)}</li>`);
			const may = each.can && this.about.decides;
			const says = each.pays ? __("Enter Payment and Match") : __("Match", null, "Xero");
			const button = may ? `<button class="btn btn-sm ${at ? "btn-default" : "btn-primary"}" data-act="accept" data-at="${at}">${text(says)} ${key(at ? at + 1 : "Enter")}</button>` : "";
			return `<div class="frappe-card" style="padding: 10px; margin-bottom: 10px"><div class="flex justify-between"><b>${text(each.what)}</b><span class="indicator-pill ${each.ready ? "green" : "orange"}" title="${text(__("From 0 to 100"))}">${text(each.score)}</span></div><table class="table table-sm small" style="margin: 6px 0"><tbody>${parts.join("")}${other}${rest}</tbody></table><ul class="small text-muted" style="padding-left: 18px">${why.join("")}</ul>${button}</div>`;
		}

		key(event) {
			const free = this.$body.is(":visible") && !$(".modal.show").length && !$(event.target).is("input, textarea, select, button, a, [contenteditable]");
			if (!free || event.ctrlKey || event.metaKey || event.altKey) return undefined;
			const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
			const does = { ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1), Enter: () => this.accept(0), s: () => this.split(), c: () => this.code(), u: () => this.undo_last() };
			for (const at of [1, 2, 3, 4, 5]) does[String(at)] = () => this.accept(at - 1);
			if (!does[pressed]) return undefined;
			event.preventDefault();
			return does[pressed]();
		}

		step(by) {
			const to = this.at + by;
			return this.rows[to] ? this.choose(to) : undefined;
		}

		pressed($button) {
			const acts = {
				choose: () => this.choose(Number($button.attr("data-at"))),
				accept: () => this.accept(Number($button.attr("data-at"))),
				split: () => this.split(),
				undo: () => this.undo($button.attr("data-name")),
				more: () => this.read(this.rows.length),
				state: () => this.filter("state", this.filters.state === $button.attr("data-state") ? "" : $button.attr("data-state")),
				unexplained: () => this.filter("unexplained", this.filters.unexplained === Number($button.attr("data-kind")) ? 0 : Number($button.attr("data-kind"))),
				code: () => this.code(),
				change: () => this.code(this.chosen.readings[Number($button.attr("data-at"))].coding),
				settings: () => this.settings(),
				look_again: () => this.look_again(),
			};
			const act = acts[$button.attr("data-act")];
			return act ? act() : undefined;
		}

		filter(name, value) {
			this.filters[name] = value;
			if (name === "state") this.filters.unexplained = 0;
			if (name === "unexplained" && value) this.filters.state = "";
			this.at = -1;
			return this.read(0);
		}

		// A second press while the first is under way does nothing.
		async accept(at) {
			const reading = this.chosen && this.chosen.readings[at];
			if (!reading || !reading.can || !this.about.decides || this.busy) return;
			await this.act(() => this.call("accept", { bank_transaction: this.chosen.line.name, reading: reading.key }, "POST"));
		}

		async act(work) {
			this.busy = true;
			try {
				const done = await work();
				if (done && done.act) this.last = done.act;
				if (done) frappe.show_alert(done.line.waits ? { message: __("Entered as a draft"), indicator: "yellow" } : { message: __("Matched"), indicator: "green" }, 3);
			} catch (error) {
				// What stands in the way was said already; the line is shown as it is now.
				console.warn(error);
			} finally {
				this.busy = false;
			}
			await this.after();
		}

		// The line that is done leaves the list; the next one is at its place.
		async after() {
			const row = this.rows[this.at];
			const { state } = this.filters;
			if (row && OPEN.includes(state)) {
				const { line } = (await this.call("line", { bank_transaction: row.bank_transaction })) || {};
				if (line && (line.state !== state || !Number(line.left))) {
					this.rows.splice(this.at, 1);
					this.counts[state] -= 1;
					if (line.state in this.counts) this.counts[line.state] += 1;
				}
			}
			if (!this.rows.length) return this.read(0);
			this.draw();
			return this.choose(Math.min(this.at, this.rows.length - 1));
		}

		split() {
			if (!this.chosen || !this.about.decides || !this.open(this.chosen.line)) return undefined;
			return picortex_xero.split_line(this, (args) => this.act(() => this.call("put_together", args, "POST")));
		}

		// As what the line is entered: on an account, with tax; `coding` is what a rule or the payee says.
		code(coding) {
			const line = this.chosen && this.chosen.line;
			if (!line || !this.about.decides || !this.open(line) || line.not_coded) return undefined;
			const first = this.chosen.readings.find((each) => each.coding);
			return picortex_xero.code_line(this, coding || (first && first.coding) || {}, (args) => this.act(() => this.call("categorise", args, "POST")));
		}

		undo_last() {
			return this.last ? this.undo(this.last) : frappe.show_alert(__("Nothing was matched here yet"));
		}

		undo(name) {
			frappe.confirm(__("Undo this? The line is open again; a payment that was made for it is cancelled, and taken back in Xero."), async () => {
				await this.call("undo", { act: name }, "POST");
				if (this.last === name) this.last = "";
				frappe.show_alert({ message: __("Undone"), indicator: "blue" }, 3);
				await this.load();
			});
		}

		acts() {
			return picortex_xero.show_bank_acts(this);
		}

		async look_again() {
			await this.call("look_again", { company: this.company }, "POST");
			frappe.show_alert({ message: __("All lines are looked at again in the background"), indicator: "blue" });
		}
	}
})();

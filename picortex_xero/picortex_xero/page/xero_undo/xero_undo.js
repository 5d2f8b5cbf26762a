// Undo: documents are taken back in Xero that stand here: those of an import, of a time, or of a selection of sync items. What becomes of each is said before
// anything is done; then it is started, paused, stopped here, with a result for each document. Everything that comes from the server is text here, and is escaped.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.pages["xero-undo"].on_page_load = (wrapper) => (wrapper.xero_undo = picortex_xero.begin_page(wrapper, __("Undo in Xero"), XeroUndo));

	const UNDOING = "picortex_xero.api.undoing.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const MARKS = { Undoable: "green", "Undoable Unless Locked": "green", Stays: "grey", "By Credit Note Only": "orange", "By Hand Only": "red" };
	const STATES = { Waiting: "grey", "Being Undone": "blue", "With a Person": "red", Undone: "green", Stays: "grey" };
	const RUNS = { Running: "blue", Ready: "orange", Paused: "orange", Stopped: "grey", Done: "green" };
	const word = (value) => text(__(value, null, "Xero Undo Run"));
	const pill = (value, colour) => `<span class="indicator-pill text-nowrap ${colour || "grey"}">${word(value)}</span>`;

	class XeroUndo {
		constructor(page) {
			this.page = page;
			this.rows = [];
			this.$body = $('<div class="xero-undo" style="padding: 15px"></div>').appendTo(page.body);
			this.$body.on("click", "[data-act]", (event) => {
				event.preventDefault();
				return this.pressed($(event.currentTarget));
			});
			page.set_secondary_action(__("Refresh"), () => this.refresh());
			page.add_menu_item(__("All undos"), () => frappe.set_route("List", "Xero Undo Run", "List", { connection: this.connection }));
			page.add_menu_item(__("Documents of undos"), () => frappe.set_route("List", "Xero Undo Row", "List", { undo_run: this.run || undefined }));
			const shown = () => this.shown && picortex_xero.in_sight(page.wrapper) && this.rows.length <= 50;
			this.fresh = picortex_xero.stay_fresh({ screen: "undo", shown, connection: () => this.connection, read: () => this.load() });
		}

		call(method, args, type = "POST") {
			return frappe.call({ method: UNDOING + method, args, type, freeze: type === "POST" }).then(({ message }) => message);
		}

		// The route names a connection, and perhaps an undo: /app/xero-undo/<connection>/<undo>.
		async show() {
			this.shown = true;
			const [, named, run] = frappe.get_route();
			// An import whose undo was asked for on its own page. The Desk hands options that nobody has read to the next list.
			const wanted = (frappe.route_options || {}).xero_import || "";
			frappe.route_options = null;
			if (!named) return picortex_xero.to_first_connection("xero-undo", this.$body);
			if (this.connection !== named || this.run !== (run || "")) Object.assign(this, { connection: named, run: run || "", mark: "", state: "" });
			await this.load();
			return wanted && this.found && this.found.decides ? this.ask(wanted) : undefined;
		}

		hide() {
			this.shown = false;
			clearTimeout(this.timer);
		}

		async load() {
			if (!this.connection) return;
			clearTimeout(this.timer);
			this.fresh();
			const { connection, run } = this;
			const [found, about] = await Promise.all([this.call("shown", { connection, undo_run: run }, "GET"), frappe.db.get_value("Xero Connection", connection, "company")]);
			if (!found || connection !== this.connection || run !== this.run) return;
			this.found = found;
			this.page.set_title(__("Undo in Xero: {0}", [text((about.message || {}).company)]));
			if (found.decides) this.page.set_primary_action(__("New Undo"), () => this.ask());
			else this.page.clear_primary_action();
			await this.documents(0);
			this.draw();
			if (found.run.state === "Running" && this.shown) this.timer = setTimeout(() => this.load(), 4000);
		}

		// Whoever decides also has the documents looked at now, of an undo that works no more by itself.
		async refresh() {
			const { run, decides } = this.found || { run: {} };
			if (decides && run.phase === "Taking Back" && run.state !== "Running") await this.call("look_again", { undo_run: run.name });
			return this.load();
		}

		async documents(start) {
			const { run } = this.found;
			if (!run.name || (run.state === "Running" && run.phase === "Marking")) {
				this.rows = [];
				return;
			}
			const page = await this.call("documents", { undo_run: run.name, mark: this.mark || "", state: this.state || "", start }, "GET");
			this.rows = start ? [...this.rows, ...page.rows] : page.rows;
			this.more = page.more;
		}

		draw() {
			const { run, runs } = this.found;
			if (!run.name) {
				const how = this.found.decides ? __("Press New Undo to take back what an import of history, or a day, has sent; or select sync items in their list and press Undo in Xero there.") : __("Nothing was undone yet");
				this.$body.html(`<div class="text-muted text-center" style="padding: 60px 0">${how}</div>`);
				return;
			}
			this.$body.html(`${this.head(run)}${this.table(run)}${this.others(run, runs)}`);
		}

		what(run) {
			if (run.what !== "Sent Between") return word(run.what);
			return text(__("Sent between {0} and {1}", [in_users_time(run.from_time), in_users_time(run.to_time)]));
		}

		head(run) {
			const marking = run.state === "Running" && run.phase === "Marking";
			const shown = marking ? __("Being looked at") : run.state;
			const title = `<h4 style="margin-top: 0">${this.what(run)} <span class="indicator-pill text-nowrap ${RUNS[run.state]}">${marking ? text(shown) : word(run.state)}</span></h4>`;
			const by = run.confirmed_by ? __("Undo pressed by {0}, {1}", [run.confirmed_by, when(run.confirmed_at)]) : __("Looked at by {0}, {1}; nothing is done yet", [run.started_by, when(run.started_at)]);
			const reason = run.reason ? `<div class="alert alert-warning">${text(run.reason)} ${text(run.cure)}</div>` : "";
			if (marking) return `${title}<p class="text-muted">${text(__("{0} documents found so far", [run.documents]))}</p>${reason}`;
			const chosen = (mark, state) => (this.mark === mark && this.state === state ? "font-weight: bold" : "");
			const marks = run.marks.map(
				(each) => `<tr><td class="text-right" style="width: 80px">${text(each.count)}</td><td class="text-nowrap" style="width: 220px"><a href="#" data-act="mark" data-mark="${text(each.mark)}" style="${chosen(each.mark, "")}">${pill(each.mark, MARKS[each.mark])}</a></td><td>${text(each.says)}</td></tr>`
			);
			const said = run.said.map((each) => `<li>${text(each)}.</li>`);
			const before = `<table class="table table-sm" style="margin-bottom: 8px"><tbody>${marks.join("")}</tbody></table><ul class="small text-muted">${said.join("")}</ul>`;
			const states = run.states.map((each) => `<a href="#" data-act="state" data-state="${text(each.state)}" style="margin-right: 12px; ${chosen("", each.state)}">${pill(each.state, STATES[each.state])} ${text(each.count)}</a>`);
			const through = run.documents ? Math.round((100 * (run.undone + run.with_person + run.stays)) / run.documents) : 0;
			const bar = run.phase === "Taking Back" ? `<div class="progress" style="height: 6px; margin: 8px 0"><div class="progress-bar" style="width: ${Math.min(100, through)}%"></div></div><p>${states.join("")}</p>` : "";
			return `${title}<p class="text-muted">${text(by)}</p>${reason}${bar}${before}<p>${this.buttons(run)}</p>`;
		}

		buttons(run) {
			if (!this.found.decides) return "";
			const found = [];
			const add_button = (says, act, style) => found.push(`<button class="btn btn-sm ${style || "btn-default"}" data-act="${act}">${text(says)}</button>`);
			const can_be_undone = run.documents - run.stays;
			if (run.state === "Ready" && can_be_undone) add_button(__("Undo in Xero"), "start", "btn-danger");
			if (run.state === "Running" && run.phase === "Taking Back") add_button(__("Pause"), "pause");
			if (run.state === "Paused") add_button(__("Go On"), "resume", "btn-primary");
			const under_way = run.states.some((each) => ["Waiting", "Being Undone"].includes(each.state));
			if (run.phase === "Taking Back" && run.state !== "Stopped" && under_way && !run.at_once) add_button(__("Take Back Now"), "at_once");
			const open = ["Running", "Paused", "Ready"].includes(run.state);
			if (open && run.phase === "Taking Back") add_button(__("Stop"), "stop");
			if (open && run.phase !== "Taking Back") add_button(__("Give Up"), "stop");
			return found.join(" ");
		}

		table(run) {
			if (run.state === "Running" && run.phase === "Marking") return "";
			const all = this.mark || this.state ? ` <a href="#" data-act="all" class="small">${__("Show all")}</a>` : "";
			const taking = run.phase === "Taking Back";
			const heads = [__("Document"), __("Date"), __("Amount"), __("What Becomes of It"), ...(taking ? [__("Result")] : [])].map((each) => `<th>${each}</th>`);
			const rows = this.rows.map((each) => this.row(each, taking));
			const more = this.more ? `<p><button class="btn btn-xs btn-default" data-act="more">${__("Show More")}</button></p>` : "";
			const body = rows.length ? rows.join("") : `<tr><td colspan="${heads.length}" class="text-muted">${__("No documents")}</td></tr>`;
			return `<p><b>${__("Documents")}</b>${all}</p><table class="table table-bordered small"><thead><tr>${heads.join("")}</tr></thead><tbody>${body}</tbody></table>${more}`;
		}

		row(each, taking) {
			const address = frappe.utils.get_form_link(each.doctype, each.name);
			const date = each.date ? frappe.datetime.str_to_user(each.date) : "";
			const amount = each.amount ? format_currency(each.amount, each.currency) : "";
			const becomes = `${pill(each.mark, MARKS[each.mark])}<div>${text(each.why)}</div>${each.to_do && !each.cure ? `<div class="text-muted">${text(each.to_do)}</div>` : ""}`;
			const may_stay = this.found.decides && each.state === "With a Person";
			const stay = may_stay ? `<button class="btn btn-xs btn-default" data-act="let_stay" data-row="${text(each.row)}">${__("Let It Stay")}</button>` : "";
			const result = taking ? `<td>${pill(each.state, STATES[each.state])}<div>${text(each.said)}</div><div class="text-muted">${text(each.cure)}</div>${stay}</td>` : "";
			return `<tr><td class="text-nowrap"><a href="${text(address)}">${text(each.name)}</a><div class="text-muted">${text(__(each.doctype))}</div></td>
				<td class="text-nowrap">${text(date)}</td><td class="text-right text-nowrap">${text(amount)}</td><td>${becomes}</td>${result}</tr>`;
		}

		others(run, runs) {
			const rows = runs
				.filter((each) => each.name !== run.name)
				.map((each) => `<tr><td><a href="/app/xero-undo/${encodeURIComponent(this.connection)}/${encodeURIComponent(each.name)}">${text(when(each.started_at))}</a></td><td>${word(each.what)}</td><td>${pill(each.state, RUNS[each.state])}</td><td class="text-right">${text(each.documents)}</td><td class="text-right">${text(each.undone)}</td></tr>`);
			if (!rows.length) return "";
			const heads = [__("Others"), __("What"), __("State"), __("Documents"), __("Undone")].map((each, at) => `<th${at > 2 ? ' class="text-right"' : ""}>${each}</th>`);
			return `<table class="table table-sm small" style="margin-top: 30px"><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
		}

		pressed($button) {
			const { run } = this.found;
			const acts = {
				mark: () => this.filter($button.attr("data-mark"), ""),
				state: () => this.filter("", $button.attr("data-state")),
				all: () => this.filter("", ""),
				more: () => this.documents(this.rows.length).then(() => this.draw()),
				start: () => this.confirm(run),
				pause: () => this.act("pause", run),
				resume: () => this.act("resume", run),
				stop: () => this.act("stop", run),
				at_once: () => frappe.confirm(__("Take everything back along with live traffic, without waiting for the calls that imports of history and undos may use within 24 hours? Of a day's calls 15 in 100 are kept for live traffic all the same."), () => this.act("at_once", run)),
				let_stay: () => this.act("let_stay", run, { document: $button.attr("data-row") }),
			};
			const act = acts[$button.attr("data-act")];
			return act ? act() : undefined;
		}

		async filter(mark, state) {
			Object.assign(this, { mark, state });
			await this.documents(0);
			this.draw();
		}

		async act(what, run, args = {}) {
			const done = await this.call(what, { undo_run: run.name, ...args });
			if (!done) frappe.show_alert({ message: __("It has moved on meanwhile"), indicator: "orange" });
			return this.load();
		}

		// What it does to approved records is said in the question, too.
		confirm(run) {
			const count = run.documents - run.stays;
			const question = count === 1 ? __("Take this document back in Xero?") : __("Take these {0} documents back in Xero?", [count]);
			frappe.confirm(`${question}<br><br>${run.said.map((each) => `${text(each)}.`).join("<br>")}`, () => this.act("start", run));
		}

		ask(wanted) {
			const imports = this.found.imports.map((each) => ({
				value: each.name,
				label: `${__(each.mode, null, "Xero History Run")}, ${frappe.datetime.str_to_user(each.from_date)} – ${frappe.datetime.str_to_user(each.to_date)} (${each.documents})`,
			}));
			const now = frappe.datetime.now_datetime();
			const dialog = new frappe.ui.Dialog({
				title: __("New Undo"),
				fields: [
					{ fieldname: "what", fieldtype: "Select", label: __("What is taken back"), reqd: 1, default: imports.length ? "An Import of History" : "Sent Between", options: [...(imports.length ? ["An Import of History"] : []), "Sent Between"].map((value) => ({ value, label: __(value, null, "Xero Undo Run") })) },
					{ fieldname: "history_run", fieldtype: "Select", label: __("Import"), options: imports, default: wanted || (imports.length ? imports[0].value : ""), depends_on: 'eval:doc.what=="An Import of History"' },
					{ fieldname: "from_time", fieldtype: "Datetime", label: __("Sent From"), default: now.slice(0, 10) + " 00:00:00", depends_on: 'eval:doc.what=="Sent Between"' },
					{ fieldname: "to_time", fieldtype: "Datetime", label: __("Sent To", null, "Xero"), default: now, depends_on: 'eval:doc.what=="Sent Between"' },
					{ fieldname: "said", fieldtype: "HTML", options: `<p class="text-muted">${__("Nothing is done yet: first it is said what would become of each document. For single documents, select their sync items in the list and press Undo in Xero there.")}</p>` },
				],
				primary_action_label: __("See What It Would Do"),
				primary_action: async (values) => {
					const args = { connection: this.connection, selection: values.what };
					if (values.what === "Sent Between") Object.assign(args, { from_time: values.from_time, to_time: values.to_time });
					else args.history_run = values.history_run;
					const run = await this.call("mark", args);
					dialog.hide();
					frappe.set_route("xero-undo", this.connection, run);
				},
			});
			dialog.show();
		}
	}

	// Machine times are UTC; the Desk wants them in the site's time and shows them in the user's.
	function when(utc) {
		if (!utc) return "";
		const zone = frappe.boot.time_zone && frappe.boot.time_zone.system;
		const read = moment.utc(utc);
		return frappe.datetime.str_to_user((zone ? read.tz(zone) : read.local()).format(frappe.defaultDatetimeFormat));
	}

	// These are times of the site.
	function in_users_time(value) {
		return value ? frappe.datetime.str_to_user(String(value).slice(0, 19)) : "";
	}
})();

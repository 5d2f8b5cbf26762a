// History Import: documents from before the go-live date, with a forecast and a preview before anything is sent, and how far an import is. Everything that
// comes from the server is text here, and is escaped.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.pages["xero-history"].on_page_load = (wrapper) => (wrapper.xero_history = picortex_xero.begin_page(wrapper, __("History Import"), XeroHistory));

	const HISTORY = "picortex_xero.api.history.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const number = (value) => text(format_number(value, null, 0));
	const COLOURS = { Running: "blue", Paused: "orange", Stopped: "gray", Done: "green" };
	// While an import is under way its figures are read so often.
	const EVERY = 20 * 1000;

	class XeroHistory {
		constructor(page) {
			this.page = page;
			this.$body = $('<div class="xero-history" style="padding: 15px"></div>').appendTo(page.body);
			this.$body.on("click", "[data-act]", (event) => {
				event.preventDefault();
				return this.pressed($(event.currentTarget));
			});
			this.$body.on("change", ".xero-history-form :input", () => this.chosen());
			this.opening = picortex_xero.opening_balances(this);
			const shown = () => this.shown && picortex_xero.in_sight(page.wrapper);
			this.fresh = picortex_xero.stay_fresh({ screen: "history", shown, connection: () => this.connection, read: () => this.load() });
		}

		call(method, args, type = "POST") {
			return frappe.call({ method: HISTORY + method, args, type }).then(({ message }) => message);
		}

		// The route names a connection: /app/xero-history/<connection>; without one it is the first that the user may see.
		async show() {
			this.shown = true;
			const [, named] = frappe.get_route();
			if (!named) return picortex_xero.to_first_connection("xero-history", this.$body);
			if (this.connection !== named) Object.assign(this, { connection: named, asked: null, seen: null, there: null, mode: "history" });
			return this.load();
		}

		hide() {
			this.shown = false;
			clearTimeout(this.timer);
		}

		async load() {
			const connection = this.connection;
			if (!connection) return;
			clearTimeout(this.timer);
			this.fresh();
			const [found, about] = await Promise.all([this.call("show", { connection }, "GET"), frappe.db.get_value("Xero Connection", connection, "company")]);
			if (!found || connection !== this.connection) return;
			this.found = found;
			this.page.set_title(__("History Import: {0}", [text((about.message || {}).company)]));
			this.draw();
			if (found.open && this.shown) this.timer = setTimeout(() => this.shown && picortex_xero.in_sight(this.page.wrapper) && this.load(), EVERY);
		}

		draw() {
			const { runs, open, until } = this.found;
			const going = runs.find((each) => each.name === open);
			const over = runs.filter((each) => each.name !== open);
			const form = going ? "" : until ? this.modes() + (this.mode === "opening" ? this.opening.form() : this.form()) : `<p class="text-muted">${__("An import of history begins once the company has gone live.")}</p>`;
			this.$body.html(
				`${going ? this.going(going) : ""}${form}
				${over.length ? `<h4 style="margin-top: 30px">${__("Former imports")}</h4><table class="table table-sm xero-history-former"><tbody>${over.map((each) => this.former(each)).join("")}</tbody></table>` : ""}
				<div class="xero-history-there"></div>`
			);
			picortex_xero.draw_day_fields(this.$body);
			this.draw_expected();
			this.draw_there();
		}

		// Before an import

		// History, or only what was owed at a day.
		modes() {
			const light = 'style="background: var(--bg-blue); color: var(--text-on-blue)"';
			const tab = (mode, label) => `<button class="btn btn-sm btn-default" ${(this.mode || "history") === mode ? light : ""} data-act="mode" data-mode="${mode}">${label}</button>`;
			return `<div class="btn-group" style="margin-bottom: 14px">${tab("history", __("Documents"))}${tab("opening", __("Opening Balances"))}</div>`;
		}

		form() {
			const { kinds, until, decides } = this.found;
			const first = `${until.slice(0, 4)}-01-01`;
			this.asked = this.asked || { from_date: first <= until ? first : until, to_date: until, kinds: kinds.map((each) => each.kind) };
			const { from_date, to_date } = this.asked;
			const boxes = kinds.map(
				(each) => `<label style="margin-right: 18px; font-weight: normal"><input type="checkbox" data-kind="${text(each.kind)}"${this.asked.kinds.includes(each.kind) ? " checked" : ""}> ${text(each.label)}</label>`
			);
			const start = decides ? `<button class="btn btn-primary btn-sm" data-act="start">${__("Start Import")}</button>` : "";
			const forecast = `<button class="btn btn-default btn-sm" data-act="forecast">${__("Forecast")}</button>`;
			const preview = `<button class="btn btn-default btn-sm" data-act="preview">${__("Preview")}</button>`;
			const last = frappe.datetime.str_to_user(until);
			return `<div class="xero-history-form">
				<p class="text-muted">${text(__("Documents up to {0}, the day before the company went live. They go to Xero once, after live traffic, and nobody's customers are e-mailed. What Xero has already is shown first, and linked only where somebody confirms that.", [last]))}</p>
				<div class="d-flex flex-wrap" style="gap: 16px; margin-bottom: 10px">
					<label>${__("From")}${picortex_xero.day_field({ attributes: 'data-field="from_date"', value: from_date, last: until })}</label>
					<label>${__("To")}${picortex_xero.day_field({ attributes: 'data-field="to_date"', value: to_date, last: until })}</label>
				</div>
				<div style="margin-bottom: 12px">${boxes.join("")}</div>
				${forecast} ${preview} ${start}
				<div class="xero-history-forecast" style="margin-top: 14px"></div></div>`;
		}

		chosen() {
			const value = (field) => this.$body.find(`[data-field="${field}"]`).val() || "";
			const kinds = this.$body.find("[data-kind]:checked").toArray().map((each) => each.dataset.kind);
			this.asked = { from_date: value("from_date"), to_date: value("to_date"), kinds };
			this.seen = null;
			this.draw_expected();
		}

		given() {
			return { connection: this.connection, ...this.asked, kinds: JSON.stringify(this.asked.kinds) };
		}

		async forecast() {
			this.$body.find(".xero-history-forecast").html(`<span class="text-muted">${__("Looking at the documents ...")}</span>`);
			try {
				this.seen = await this.call("forecast", this.given(), "GET");
			} finally {
				this.draw_expected();
			}
			return this.seen;
		}

		draw_expected() {
			const seen = this.seen;
			const $at = this.$body.find(".xero-history-forecast");
			if (!seen) return $at.html("");
			const kinds = seen.kinds.map((each) => `${text(each.label)}: ${number(each.documents)}`).join(", ");
			return $at.html(`<div style="border: 1px solid var(--border-color); border-radius: 8px; padding: 12px 14px"><b>${this.says(seen)}</b>
				<div class="text-muted">${kinds || text(__("No documents"))}</div>
				<div class="text-muted">${text(__("{0} requests a day are left for it, after reading changes, reports and live traffic ({1} a day on average).", [format_number(seen.a_day, null, 0), format_number(seen.live_a_day, null, 0)]))}</div></div>`);
		}

		says(seen) {
			const [requests, time] = [format_number(seen.requests, null, 0), this.lasts(seen.seconds)];
			if (seen.documents === 1) return text(__("One document, about {0} requests to Xero, done in about {1}", [requests, time]));
			return text(__("{0} documents, about {1} requests to Xero, done in about {2}", [format_number(seen.documents, null, 0), requests, time]));
		}

		// How long something takes, in words.
		lasts(seconds) {
			const minutes = Math.max(1, Math.ceil(seconds / 60));
			const one = (count, single, many) => (count === 1 ? single : many);
			if (minutes < 90) return one(minutes, __("one minute"), __("{0} minutes", [minutes]));
			const hours = Math.ceil(minutes / 60);
			if (hours < 36) return __("{0} hours", [hours]);
			return __("{0} days", [Math.ceil(hours / 24)]);
		}

		async start() {
			const seen = this.seen || (await this.forecast());
			if (!seen) return;
			if (!seen.documents) {
				frappe.msgprint(__("There are no documents of these kinds in these days."));
				return;
			}
			const said = `<p>${this.says(seen)}.</p><p>${text(__("Xero itself may remind customers of invoices that are overdue: look at Invoice Reminders in Xero before you start."))}</p>`;
			frappe.confirm(said, () => {
				// What was forecast is under way: a next one would find less.
				this.seen = null;
				this.then(this.call("start", this.given()));
			});
		}

		// An import under way

		going(run) {
			const { decides } = this.found;
			const share = (count) => (run.documents ? (100 * count) / run.documents : 0);
			const bar = (count, colour, label) => (count ? `<div class="progress-bar" style="width: ${share(count)}%; background: var(--${colour}-500, ${colour})" title="${text(label)}: ${count}"></div>` : "");
			const parts = [
				["green", run.done, __("Done")],
				["orange", run.held, __("Wait for a person")],
				["gray", run.left, __("Left", null, "Xero")],
			];
			const legend = parts.map(([colour, count, label]) => `<span style="margin-right: 18px"><span class="indicator ${colour}"></span>${text(label)}: <b>${number(count)}</b></span>`);
			const time = run.state === "Running" && run.left ? text(__("about {0} left", [this.lasts(run.seconds_left)])) : "";
			const pause = `<button class="btn btn-default btn-sm" data-act="pause">${__("Pause")}</button>`;
			const resume = `<button class="btn btn-primary btn-sm" data-act="resume">${__("Go On")}</button>`;
			const stop = `<button class="btn btn-default btn-sm" data-act="stop">${__("Stop")}</button>`;
			const buttons = decides ? `${run.state === "Running" ? pause : resume} ${stop}` : "";
			const paused = run.state === "Paused" ? `<p class="text-muted">${text(__("Paused by {0}: nothing of it goes until somebody presses Go On", [run.paused_by]))}</p>` : "";
			const reason = run.state === "Running" && run.reason ? `<p class="text-muted">${text(run.reason)}</p>` : "";
			return `<div class="xero-history-going" data-run="${text(run.name)}">
				<div class="d-flex justify-content-between align-items-center"><h4 style="margin: 0">${text(run.called.charAt(0).toUpperCase() + run.called.slice(1))} <span class="indicator-pill ${COLOURS[run.state]}">${text(__(run.state))}</span></h4><div>${buttons}</div></div>
				<div class="text-muted small" style="margin: 4px 0 10px">${text(run.kinds.join(", "))}. ${text(__("Started by {0} {1}", [run.started_by, this.ago(run.started_at)]))}</div>
				<div class="progress" style="height: 14px">${bar(run.done, "green", __("Done"))}${bar(run.held, "orange", __("Wait for a person"))}</div>
				<div style="margin: 10px 0">${legend.join("")}<span class="text-muted">${time}</span></div>
				${paused}${reason}
				<p class="text-muted small">${text(__("{0} of {1} documents looked at; {2} requests so far of about {3} in the forecast of {4} documents. End by the forecast: {5}", [run.looked_at, run.documents, run.calls, run.forecast_requests, run.forecast_documents, picortex_xero.in_user_time(run.forecast_end)]))}</p>
				${this.links(run)}</div>`;
		}

		links(run) {
			const held = run.held ? `<a href="#" data-act="held">${run.held === 1 ? __("One waits for a person") : text(__("{0} wait for a person", [number(run.held)]))}</a>` : "";
			const there = run.was_there ? `<a href="#" data-act="there">${text(__("Was in Xero Already"))}: ${number(run.was_there)}</a>` : "";
			// Of one that is over everything can be taken back; what that does is said on its own page first.
			const over = this.found.decides && ["Stopped", "Done"].includes(run.state);
			const undo = over ? `<a href="#" data-act="undo">${__("Undo in Xero")}</a>` : "";
			return [held, there, undo].filter(Boolean).join(" &nbsp; ");
		}

		// The server's times are UTC.
		ago(utc) {
			return moment.utc(utc).fromNow();
		}

		former(run) {
			const what = [
				[run.in_xero, __("In Xero")],
				[run.known, __("Known before")],
				[run.held, __("Wait for a person")],
				[run.left_out, __("Left out")],
				[run.withdrawn, __("Withdrawn")],
			];
			const said = what.filter(([count]) => count).map(([count, label]) => `${text(label)}: ${number(count)}`);
			return `<tr data-run="${text(run.name)}"><td><a href="/app/xero-history-run/${encodeURIComponent(run.name)}">${text(run.called.charAt(0).toUpperCase() + run.called.slice(1))}</a><div class="small text-muted">${text(run.kinds.join(", "))}</div></td>
				<td><span class="indicator-pill ${COLOURS[run.state]}">${text(__(run.state))}</span><div class="small text-muted">${text(run.started_by)}, ${text(this.ago(run.started_at))}</div></td>
				<td>${said.join(", ")}</td><td class="text-right text-nowrap">${this.links(run)}</td></tr>`;
		}

		// What was there

		async show_there(run) {
			this.there = { run, rows: await this.call("was_there", { history_run: run }, "GET") };
			this.draw_there();
			const [$at] = this.$body.find(".xero-history-there");
			if ($at) $at.scrollIntoView({ behavior: "smooth" });
		}

		draw_there() {
			if (!this.there) return;
			const { run, rows } = this.there;
			const waits = rows.filter((each) => each.waits).length;
			const state = (each) => {
				if (each.linked) return `<span class="indicator-pill green">${__("Linked")}</span> ${text(each.number)}`;
				if (!each.waits) return `<span class="indicator-pill blue">${__("Confirmed")}</span>`;
				const there = each.there.map((one) => [one.number, one.contact, one.date && frappe.datetime.str_to_user(one.date), one.total && format_currency(one.total, one.currency || undefined)].filter(Boolean).join(", "));
				return `<a href="/app/xero-outbox-entry/${encodeURIComponent(each.step)}"><span class="indicator-pill orange">${__("Is this it?")}</span></a>${there.map((one) => `<div class="small text-muted">${text(one)}</div>`).join("")}`;
			};
			const all = waits && this.found.presses ? `<button class="btn btn-default btn-sm" data-act="confirm">${__("Confirm All")}</button>` : "";
			const lines = rows.map(
				(each) => `<tr><td><a href="#" data-act="document" data-doctype="${text(each.doctype)}" data-name="${text(each.name)}">${text(each.name)}</a></td><td>${text(each.date ? frappe.datetime.str_to_user(each.date) : "")}</td>
					<td class="text-right">${text(format_currency(each.amount, each.currency || undefined))}</td>
					<td>${state(each)}</td></tr>`
			);
			this.$body.find(".xero-history-there").attr("data-run", run).html(
				`<div class="d-flex justify-content-between align-items-center" style="margin-top: 30px"><h4 style="margin: 0">${__("Was in Xero Already")}</h4><div>${all}</div></div>
				<p class="text-muted">${__("Nothing of these was sent. One is linked with what Xero has where somebody says that it is the same document.")}</p>
				<table class="table table-sm"><thead><tr><th>${__("Document")}</th><th>${__("Date")}</th><th class="text-right">${__("Amount")}</th><th>${__("In Xero")}</th></tr></thead><tbody>${lines.join("")}</tbody></table>`
			);
		}

		async confirm_all(run) {
			const said = __("Link every document here with the record of its number and amount in Xero, as it is there? Those that differ stay and wait for you.");
			frappe.confirm(text(said), async () => {
				const { linked, left } = await this.call("link_found", { history_run: run });
				frappe.show_alert({ message: __("{0} linked, {1} still wait", [linked, left]), indicator: left ? "orange" : "green" });
				await this.load();
				await this.show_there(run);
			});
		}

		pressed($at) {
			const run = $at.closest("[data-run]").attr("data-run");
			const acts = {
				...this.opening.acts,
				mode: () => {
					this.mode = $at.attr("data-mode");
					this.draw();
				},
				forecast: () => this.forecast(),
				preview: async () => {
					await this.call("preview", this.given());
					frappe.set_route("xero-preview", this.connection);
				},
				start: () => this.start(),
				pause: () => this.then(this.call("pause", { history_run: run })),
				resume: () => this.then(this.call("resume", { history_run: run })),
				stop: () => frappe.confirm(text(__("End this import? What is in Xero stays; what is not sent yet is given back and can be imported later.")), () => this.then(this.call("stop", { history_run: run }))),
				undo: () => {
					frappe.route_options = { xero_import: run };
					frappe.set_route("xero-undo", this.connection);
				},
				held: () => frappe.set_route("List", "Xero Outbox Entry", "List", { history_run: run, state: ["in", ["Held", "Needs Attention"]] }),
				there: () => this.show_there(run),
				confirm: () => this.confirm_all(run),
				document: () => frappe.set_route("Form", $at.attr("data-doctype"), $at.attr("data-name")),
			};
			return acts[$at.attr("data-act")]();
		}

		// The server's refusal is shown by the Desk; the page then shows what is stored.
		async then(done) {
			try {
				await done;
			} finally {
				await this.load();
			}
		}
	}
})();

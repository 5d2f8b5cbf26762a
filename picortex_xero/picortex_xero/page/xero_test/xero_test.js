// Test: test transactions to this organisation, and what Xero's Demo Company answers to the questions the app relies on. Everything that comes from
// the server is text here, and is escaped.

frappe.pages["xero-test"].on_page_load = (wrapper) => (wrapper.xero_test = picortex_xero.begin_page(wrapper, __("Test"), XeroTest));

class XeroTest {
	constructor(page) {
		this.page = page;
		this.decides = (frappe.user_roles || []).includes("Xero Admin");
		page.set_secondary_action(__("Refresh"), () => this.load());
		this.$body = $('<div class="xero-test"></div>').appendTo(page.body);
		this.$body.on("click", "[data-act]", (event) => this.pressed($(event.currentTarget)));
		const shown = () => this.shown && picortex_xero.in_sight(page.wrapper);
		this.fresh = picortex_xero.stay_fresh({ screen: "test", shown, connection: () => this.connection, read: () => this.load() });
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	call(method, args, type = "POST") {
		return frappe.call({ method: `picortex_xero.api.trying.${method}`, args, type, freeze: type === "POST" }).then(({ message }) => message);
	}

	// The route names a connection: /app/xero-test/<connection>.
	async show() {
		this.shown = true;
		const [, connection] = frappe.get_route();
		// The question that a cure under To Fix is about. The Desk hands options that nobody has read to the next list.
		this.marked = (frappe.route_options || {}).xero_question || "";
		frappe.route_options = null;
		if (connection) {
			this.connection = connection;
			await this.load();
			const marked = this.$body.find(".xero-marked").get(0);
			return marked && marked.scrollIntoView({ block: "center" });
		}
		const found = await frappe.db.get_list("Xero Connection", { fields: ["name", "company"], filters: { state: ["!=", "Retired"] }, limit: 100 });
		if (found.length === 1) return frappe.set_route("xero-test", found[0].name);
		const rows = found.map((each) => `<li><a href="/app/xero-test/${encodeURIComponent(each.name)}">${this.text(each.company)}</a></li>`);
		this.$body.html(rows.length ? `<p>${__("Which company?")}</p><ul>${rows.join("")}</ul>` : `<p class="text-muted">${__("No company is connected to Xero yet")}</p>`);
	}

	hide() {
		this.shown = false;
		clearTimeout(this.timer);
	}

	async load() {
		if (!this.connection) return;
		clearTimeout(this.timer);
		this.fresh();
		const connection = this.connection;
		const found = await this.call("shown", { connection }, "GET");
		if (connection !== this.connection) return;
		this.found = found;
		this.draw();
		const running = [found.run, found.asked].some((each) => each && each.state === "Running");
		if (running && this.shown) this.timer = setTimeout(() => this.load(), 2000);
		if (!running) picortex_xero.next_step(this.page, connection, "test", Boolean(found.run));
	}

	// Machine times are UTC; the Desk wants them in the site's time and shows them in the user's.
	when(utc) {
		if (!utc) return "";
		const zone = frappe.boot.time_zone && frappe.boot.time_zone.system;
		const read = moment.utc(utc);
		return frappe.datetime.str_to_user((zone ? read.tz(zone) : read.local()).format(frappe.defaultDatetimeFormat));
	}

	draw() {
		const whose = this.found.whom_to_ask ? `<p class="text-muted">${this.text(this.found.whom_to_ask)}</p>` : "";
		this.$body.html(`${whose}${this.tests()}<hr>${this.questions()}`);
	}

	tests() {
		const { run, demo } = this.found;
		const text = (value) => this.text(value);
		const about = demo
			? __("This is Xero's Demo Company: the whole chain is tried, with payments, and taken back.")
			: __("This organisation is not Xero's Demo Company: only drafts numbered TEST-... are made on a contact that is there already, read back and deleted. Trying with Xero's Demo Company first is recommended.");
		const button = this.decides ? `<button class="btn ${run ? "btn-default" : "btn-primary"} btn-sm" data-act="send">${__("Send Test Transactions")}</button>` : "";
		const left = run && run.left_over && run.state !== "Running" && this.decides ? ` <button class="btn btn-danger btn-sm" data-act="clean">${__("Remove What Is Left")}</button>` : "";
		const pill = (ok) => `<span class="indicator-pill text-nowrap ${ok ? "green" : "red"}">${ok ? __("as expected") : __("differs")}</span>`;
		const rows = run
			? run.records.map((row) => {
					const value = (each, side) => (each.as === "money" && each[side] !== "" ? text(format_currency(each[side], this.found.currency || undefined)) : text(each[side]));
					const checks = row.checks.map((each) => `<tr><td>${text(each.what)}</td><td>${value(each, "expected")}</td><td>${value(each, "seen")}</td><td>${pill(each.ok)}</td></tr>`).join("");
					const heads = [__("Compared"), __("Expected"), __("In Xero"), __("Result")].map((each) => `<th>${each}</th>`).join("");
					const shown = checks ? `<table class="table table-sm small xero-test-checks" style="margin: 0"><thead><tr>${heads}</tr></thead><tbody>${checks}</tbody></table>` : "";
					return `<tr><td><b>${text(row.what)}</b><div class="text-muted">${text(row.number)}</div></td><td>${text(__(row.state))}${row.said ? `<div class="text-muted">${text(row.said)}</div>` : ""}</td><td>${shown}</td></tr>`;
			  })
			: [];
		const state = run ? `<p class="text-muted">${text(__(run.mode))}, ${text(this.when(run.started_at))}: ${text(__(run.state))}. ${text(__("{0} checks as expected, {1} differ, {2} left in Xero", [run.as_expected, run.differing, run.left_over]))}</p>` : `<p class="text-muted">${__("No test transactions were sent yet")}</p>`;
		const reason = run && run.reason ? `<div class="alert alert-warning">${text(run.reason)} ${text(run.cure)}</div>` : "";
		const table = rows.length ? `<table class="table table-bordered small"><thead><tr><th>${__("Record")}</th><th>${__("State")}</th><th>${__("Expected, and what Xero shows")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>` : "";
		return `<h4>${__("Test Transactions")}</h4><p>${about}</p><p>${button}${left}</p>${state}${reason}${table}`;
	}

	questions() {
		const { asked, asked_at, of, questions, demo, may_ask } = this.found;
		const text = (value) => this.text(value);
		const button = this.decides && may_ask ? `<button class="btn ${this.found.run && demo && !asked ? "btn-primary" : "btn-default"} btn-sm" data-act="ask">${__("Ask Xero's Demo Company")}</button>` : "";
		const where = demo ? "" : `<p class="text-muted">${__("Questions are asked of Xero's Demo Company only: connect a company to it, and ask there. The answers count for every company of this site.")}</p>`;
		const count = asked ? asked.as_expected + asked.differing + asked.not_checked : 0;
		const bar = asked && asked.state === "Running" ? `<div class="progress" style="height: 6px; margin: 8px 0"><div class="progress-bar" style="width: ${Math.round((100 * count) / of)}%"></div></div>` : "";
		const state = asked
			? `<p class="text-muted">${text(this.when(asked.finished_at || asked.started_at))}: ${text(__("{0} as expected, {1} differ, {2} not checked, of {3}", [asked.as_expected, asked.differing, asked.not_checked, of]))}</p>`
			: `<p class="text-muted">${asked_at ? text(__("Asked last of another organisation, {0}", [this.when(asked_at)])) : __("Xero's Demo Company was never asked what the app relies on")}</p>`;
		const reason = asked && asked.reason ? `<div class="alert alert-warning">${text(asked.reason)} ${text(asked.cure)}</div>` : "";
		const said = { "As Expected": [__("as expected"), "green"], Differs: [__("differs"), "red"], "Not Checked": [__("not checked"), "gray"], "": [__("not asked"), "gray"] };
		const rows = questions.map((each) => {
			const [word, colour] = said[each.state] || said[""];
			const known = each.state !== each.known && each.known ? `<div class="text-muted">${text(__("answered last: {0}", [said[each.known][0]]))}</div>` : "";
			const waits = each.waits ? `<div class="text-danger">${text(__("Waits: {0}", [each.waits]))}</div>` : "";
			const let_go = each.waits && this.decides ? `<button class="btn btn-xs btn-default" data-act="let_go" data-question="${text(each.question)}">${__("Let These Go")}</button>` : "";
			const word_of = each.let_go ? `<div class="text-muted">${text(__("{0} lets these go: {1}", [each.let_go.by, each.let_go.reason]))}</div>` : "";
			const marked = each.question === this.marked ? ' class="xero-marked" style="background: var(--bg-yellow, #fdf9f2)"' : "";
			return `<tr${marked}><td>${text(each.rule)}</td><td><span class="indicator-pill text-nowrap ${colour}">${text(word)}</span>${known}</td><td>${text(each.seen)}${waits}${let_go}${word_of}</td></tr>`;
		});
		return `<h4>${__("Questions to Xero's Demo Company")}</h4><p>${__("What the app relies on and Xero's documentation leaves open, asked by experiments. Where Xero does otherwise, what relies on it waits.")}</p>${where}<p>${button}</p>${state}${bar}${reason}
			<table class="table table-bordered small"><thead><tr><th>${__("Rule")}</th><th>${__("Answer")}</th><th>${__("What Was Seen")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
	}

	async pressed($at) {
		const act = $at.data("act");
		const connection = this.connection;
		if (act === "send") return this.send();
		if (act === "clean") {
			await this.call("remove_left", { run: this.found.run.name });
			return this.load();
		}
		if (act === "ask") {
			frappe.confirm(__("Experiments make some 60 records in Xero's Demo Company, and leave them there: it can be reset in Xero. About 150 requests, three minutes. Ask?"), async () => {
				await this.call("ask_demo_company", { connection });
				this.load();
			});
		}
		if (act === "let_go") {
			const question = String($at.data("question"));
			frappe.prompt({ fieldname: "reason", fieldtype: "Small Text", label: __("Why may these documents go?"), reqd: 1 }, async ({ reason }) => {
				await this.call("let_go", { connection, question, reason });
				this.load();
			}, __("Let These Go"));
		}
	}

	// What is made, and what stays, is said before anything is sent.
	async send() {
		const connection = this.connection;
		const asked = await this.call("before", { connection });
		const text = (value) => this.text(value);
		const list = (each) => `<ul>${each.map((one) => `<li>${text(one)}</li>`).join("")}</ul>`;
		const said = `<p>${asked.demo ? __("These are sent, read back and taken back:") : __("These are made as drafts, read back and deleted:")}</p>${list(asked.records)}<p><b>${__("What stays in Xero:")}</b></p>${list(asked.stays)}`;
		// The Desk draws the choices of a Select as HTML.
		const fields = [{ fieldname: "said", fieldtype: "HTML", options: said }];
		// A sales invoice on a customer, a bill on a supplier: the first of each is one of ours, where there is one.
		const options_of = (contacts) => contacts.map((each) => ({ value: each.id, label: text(each.name) }));
		const choose = (fieldname, label, find, contacts) => {
			const options = options_of(contacts);
			fields.push({ fieldname: `${fieldname}_words`, fieldtype: "Data", label: find });
			fields.push({ fieldname, fieldtype: "Select", label, options, reqd: 1, default: options.length ? options[0].value : "" });
		};
		if (!asked.demo) {
			choose("contact", __("The sales invoice on this customer in Xero"), __("Find a customer in Xero by name"), asked.contacts.sales);
			choose("supplier", __("The bill on this supplier in Xero"), __("Find a supplier in Xero by name"), asked.contacts.purchases);
		}
		// What the two fields offer now.
		const offered = { ...asked.contacts };
		const dialog = new frappe.ui.Dialog({
			title: __("Send Test Transactions"),
			fields,
			primary_action_label: __("Send"),
			primary_action: async ({ contact, supplier }) => {
				dialog.hide();
				const named = (made, id) => ((offered[made] || []).find((each) => each.id === id) || { name: "" }).name;
				const chosen = { contact: contact || "", contact_name: named("sales", contact), supplier: supplier || "", supplier_name: named("purchases", supplier) };
				await this.call("start", { connection, mode: asked.mode, ...chosen });
				this.load();
			},
		});
		dialog.show();
		if (asked.demo) return;
		// Each search is a few requests to Xero: only once nobody types any more, and the answer to the last one counts.
		const search = (fieldname, made) => {
			const typed = () => (dialog.get_value(`${fieldname}_words`) || "").trim();
			const look = async () => {
				const words = typed();
				if (words.length === 1) return;
				const found = words ? await this.call("contacts", { connection, words }) : asked.contacts;
				if (words !== typed()) return;
				offered[made] = (found || {})[made] || [];
				dialog.set_df_property(fieldname, "description", offered[made].length ? "" : __("No active contact of Xero has this."));
				dialog.set_df_property(fieldname, "options", options_of(offered[made]));
				await dialog.set_value(fieldname, offered[made].length ? offered[made][0].id : "");
			};
			dialog.get_field(`${fieldname}_words`).$input.on("input", frappe.utils.debounce(look, 500));
		};
		search("contact", "sales");
		search("supplier", "purchases");
	}
}

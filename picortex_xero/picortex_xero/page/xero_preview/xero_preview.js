// Preview: what documents would become in Xero before anything is sent, problems first; afterwards what really happened. Everything that comes from
// the server is text here, and is escaped.

frappe.pages["xero-preview"].on_page_load = (wrapper) => (wrapper.xero_preview = picortex_xero.begin_page(wrapper, __("Preview"), XeroPreview));

class XeroPreview {
	constructor(page) {
		this.page = page;
		this.rows = [];
		this.state = "";
		page.set_primary_action(__("New Preview"), () => this.ask());
		page.set_secondary_action(__("Refresh"), () => this.load());
		page.add_menu_item(__("Watched"), () => this.show_watched());
		this.$body = $('<div class="xero-preview"></div>').appendTo(page.body);
		this.$body.on("click", "[data-act]", (event) => this.pressed($(event.currentTarget)));
		// Whoever began another preview meanwhile: that one is shown, as on coming to the page.
		const read = () => {
			if (this.rows.length > 50) return undefined;
			this.preview = "";
			return this.load();
		};
		this.fresh = picortex_xero.stay_fresh({ screen: "preview", shown: () => this.shown && picortex_xero.in_sight(page.wrapper), connection: () => this.connection, read });
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	call(method, args, type = "GET") {
		return frappe.call({ method: `picortex_xero.api.preview.${method}`, args, type }).then(({ message }) => message);
	}

	// The route names a connection, and perhaps a document: /app/xero-preview/<connection>/<DocType>/<name>.
	async show() {
		this.shown = true;
		const [, connection, doctype, name] = frappe.get_route();
		if (!connection) return this.choose();
		if (this.connection !== connection) {
			this.connection = connection;
			this.preview = "";
			this.state = "";
		}
		const said = await frappe.db.get_value("Xero Connection", connection, ["company", "organisation_name", "state"]);
		this.about = said.message || {};
		this.page.set_title_sub && this.page.set_title_sub(this.about.company || "");
		if (doctype && name) return this.begin({ what: "A Document", doctype, name });
		return this.load();
	}

	hide() {
		this.shown = false;
		clearTimeout(this.timer);
	}

	// What the connection has seen while it only watched.
	async show_watched() {
		if (!this.connection) return undefined;
		const { preview } = await this.call("watched", { connection: this.connection });
		if (!preview) return frappe.msgprint(__("This connection has never watched: press Watch Only on the Xero Connection before it goes live"));
		this.preview = preview;
		this.state = "";
		return this.load();
	}

	async choose() {
		const found = await frappe.db.get_list("Xero Connection", { fields: ["name", "company", "state"], filters: { state: ["!=", "Retired"] }, limit: 100 });
		if (found.length === 1) return frappe.set_route("xero-preview", found[0].name);
		const rows = found.map((each) => `<li><a href="/app/xero-preview/${encodeURIComponent(each.name)}">${this.text(each.company)}</a></li>`);
		this.$body.html(rows.length ? `<p>${__("Which company?")}</p><ul>${rows.join("")}</ul>` : `<p class="text-muted">${__("No company is connected to Xero yet")}</p>`);
	}

	ask() {
		const today = frappe.datetime.get_today();
		const live = this.about && this.about.state === "Live";
		const dialog = new frappe.ui.Dialog({
			title: __("New Preview"),
			fields: [
				{ fieldname: "what", fieldtype: "Select", label: __("What"), reqd: 1, default: live ? "Everything Waiting" : "A Period", options: ["Everything Waiting", "A Period", "A Document"].map((value) => ({ value, label: __(value) })) },
				{ fieldname: "from_date", fieldtype: "Date", label: __("From"), default: frappe.datetime.add_months(today, -3), depends_on: 'eval:doc.what=="A Period"' },
				{ fieldname: "to_date", fieldtype: "Date", label: __("To"), default: today, depends_on: 'eval:doc.what=="A Period"' },
				{ fieldname: "doctype", fieldtype: "Select", label: __("Document Type"), options: (frappe.boot.xero_documents || []).map((value) => ({ value, label: __(value) })), depends_on: 'eval:doc.what=="A Document"' },
				{ fieldname: "name", fieldtype: "Dynamic Link", label: __("Document"), options: "doctype", depends_on: 'eval:doc.what=="A Document"' },
				{ fieldname: "look_in_xero", fieldtype: "Check", label: __("Also look in Xero"), description: __("Which numbers are there already. How many requests that takes is said before it begins."), hidden: !frappe.boot.xero_presses },
			],
			primary_action_label: __("Preview"),
			primary_action: async (values) => {
				const asked = { what: values.what, look_in_xero: values.look_in_xero ? 1 : 0 };
				if (values.what === "A Period") Object.assign(asked, { from_date: values.from_date, to_date: values.to_date });
				if (values.what === "A Document") Object.assign(asked, { doctype: values.doctype, name: values.name });
				dialog.hide();
				// What is approved in Xero counts where the plan limits it, whatever is chosen.
				const { documents, calls } = await this.call("before", { connection: this.connection, ...asked });
				if (!calls) return this.begin(asked);
				frappe.confirm(__("{0} documents are looked at, and Xero is asked up to {1} times. Nothing is sent.", [documents, calls]), () => this.begin(asked));
			},
		});
		dialog.show();
	}

	async begin(asked) {
		this.preview = await this.call("start", { connection: this.connection, ...asked }, "POST");
		this.state = "";
		// The document of the address was previewed; coming back shows the table.
		if (frappe.get_route().length > 2) window.history.replaceState(null, "", `/app/xero-preview/${encodeURIComponent(this.connection)}`);
		return this.load();
	}

	async load() {
		if (!this.connection) return;
		clearTimeout(this.timer);
		this.fresh();
		const connection = this.connection;
		this.preview = this.preview || (await this.call("newest", { connection }));
		if (!this.preview) {
			picortex_xero.next_step(this.page, connection, "preview");
			this.$body.html(`<div class="text-muted text-center" style="padding: 60px 0">${__("See what would be posted to Xero before anything is: press New Preview")}</div>`);
			return;
		}
		const [head, rows] = await Promise.all([
			this.call("head", { preview: this.preview }),
			this.call("table", { preview: this.preview, state: this.state }),
		]);
		if (connection !== this.connection || head.name !== this.preview) return;
		this.head = head;
		this.rows = rows;
		this.draw();
		if (head.state === "Running" && this.shown) this.timer = setTimeout(() => this.load(), 2000);
		const watching = head.state === "Watching" && Boolean(frappe.boot.xero_presses);
		if (watching !== Boolean(this.$again)) {
			if (this.$again) this.$again.remove();
			this.$again = watching ? this.page.add_inner_button(__("Decide Anew What Was Stopped"), () => this.look_again()) : null;
		}
		if (["Done", "Watching"].includes(head.state) && !head.seen_by) await this.call("seen", { preview: this.preview }, "POST");
		if (head.state === "Done") picortex_xero.next_step(this.page, connection, "preview", true);
	}

	async look_again() {
		await this.call("look_again", { connection: this.connection }, "POST");
		return this.load();
	}

	draw() {
		const head = this.head;
		const text = (value) => this.text(value);
		const what = { "A Period": () => __("{0} to {1}", [frappe.datetime.str_to_user(head.from_date), frappe.datetime.str_to_user(head.to_date)]), "A Document": () => head.reference_name, "Watch Only": () => __("documents dated from {0} on", [frappe.datetime.str_to_user(head.from_date)]) }[head.what];
		const title = `${__(head.what)}${what ? `: ${what()}` : ""}`;
		const percent = head.documents ? Math.round((100 * head.looked_at) / head.documents) : 100;
		const bar = head.state === "Running" ? `<div class="progress" style="height: 6px; margin: 8px 0"><div class="progress-bar" style="width: ${percent}%"></div></div>` : "";
		const told = head.reason ? `<div class="alert alert-warning">${text(head.reason)}${head.cure ? `<br>${text(head.cure)}` : ""}</div>` : "";
		const chips = [{ state: "", said: __("All"), count: head.states.reduce((sum, each) => sum + each.count, 0) }, ...head.states]
			.concat(head.cured ? [{ state: "Cured", said: __("Stopped first, cured since"), count: head.cured }] : [])
			.map((each) => `<a class="btn btn-xs ${each.state === this.state ? "btn-default active btn-primary-light" : "btn-default"}" data-act="filter" data-state="${text(each.state)}" style="margin-right: 6px">${text(each.said)} (${each.count})</a>`)
			.join("");
		const heads = [__("Document"), __("Contact"), __("Accounts in Xero"), __("Tax"), __("Total"), __("Becomes in Xero"), __("Preview"), __("What Happened")];
		const right = [3, 4];
		const rows = this.rows.map((row, at) => this.row(row, at)).join("");
		const done = ["Done", "Watching"].includes(head.state);
		const none = !this.rows.length && done ? `<p class="text-muted text-center" style="padding: 40px 0">${__("Nothing here: no document would be posted")}</p>` : "";
		this.$body.html(
			`<div class="d-flex justify-content-between align-items-center"><h5 style="margin: 0">${text(title)}</h5><span class="text-muted small">${text(__("{0} of {1} documents looked at", [head.looked_at, head.documents]))}</span></div>
			${bar}${told}<div style="margin: 10px 0">${chips}</div>
			<div style="overflow-x: auto"><table class="table table-hover small xero-preview-table"><thead><tr>${heads.map((each, at) => `<th${right.includes(at) ? ' class="text-right"' : ""}>${text(each)}</th>`).join("")}</tr></thead><tbody>${rows}</tbody></table></div>
			${none}${this.rows.length && this.rows.length % 50 === 0 ? `<a class="btn btn-default btn-sm" data-act="more">${__("More")}</a>` : ""}
			<div class="xero-preview-footer" style="border-top: 1px solid var(--border-color); margin-top: 12px; padding-top: 10px">${this.footer()}</div>`
		);
	}

	footer() {
		const head = this.head;
		const minutes = head.minutes === 1 ? __("one minute") : __("{0} minutes", [head.minutes]);
		const days = head.days === 1 ? __("one day") : __("{0} days", [head.days]);
		const said = head.requests
			? head.requests === 1
				? __("One request to Xero")
				: __("About {0} requests to Xero: {1}, on {2} with the requests left", [head.requests, minutes, days])
			: __("Nothing would be sent to Xero");
		const plan = head.plan;
		const most = [plan.invoices && __("{0} sales invoices", [plan.invoices]), plan.bills && __("{0} bills", [plan.bills])].filter(Boolean).join(", ");
		const of_plan = plan.name ? (most ? __("Xero's plan {0} lets {1} a month be approved", [plan.name, most]) : plan.known ? __("Xero's plan {0} has no monthly limit here", [plan.name]) : __("Xero's plan {0} is not in the table of plans", [plan.name])) : "";
		const link = plan.name ? ` <a href="/app/xero-plan">${__("Plans")}</a>` : "";
		const counted = head.calls ? __("Approvals were counted in Xero (requests: {0}); numbers are those known here", [head.calls]) : "";
		const looked = head.look_in_xero ? __("Numbers and approvals were looked up in Xero (requests: {0})", [head.calls]) : (head.counts_in_xero && counted) || __("Xero was not asked: numbers and approvals are those known here");
		return `<b>${this.text(said)}</b><br><span class="text-muted">${this.text(of_plan)}${link}${of_plan ? "<br>" : ""}${this.text(looked)}</span>`;
	}

	money(amount, currency) {
		return amount === "" || amount === null ? "" : this.text(format_currency(amount, currency || undefined));
	}

	row(row, at) {
		const text = (value) => this.text(value);
		const colours = { "Would Go": "green", "Would Go in Part": "orange", "Waits for Another": "blue", "Would Be Held": "red", "Not Sent": "gray", "Decided in Xero": "orange", "Could Not Be Told": "red" };
		const why = row.problems ? `<div class="text-muted">${text(row.problems).replace(/\n/g, "<br>")}</div>` : "";
		const cure = row.cure && row.state !== "Not Sent" ? `<div class="text-muted"><i>${text(row.cure).replace(/\n/g, "<br>")}</i></div>` : "";
		const times = [row.stopped_at, row.stopped_until].map((each) => each && picortex_xero.in_user_time(each));
		const stopped = row.stopped_until ? __("Would have been stopped from {0} to {1}", times) : row.stopped_at ? __("Would have been stopped since {0}", times) : "";
		const first = row.stopped_until && row.stopped_by ? `<div class="text-muted">${text(row.stopped_by).replace(/\n/g, "<br>")}</div>` : "";
		const past = stopped ? `<div>${text(stopped)}</div>${first}` : "";
		const real = row.real ? `${text(row.real)} ${text(row.real_number)}<div class="${row.differs ? "text-danger" : "text-muted"}">${this.money(row.real_total, row.currency)}${row.differs ? ` ${__("differs")}` : ""}</div>` : "";
		const amount = row.total || row.total_here;
		return `<tr data-act="open" data-at="${at}" style="cursor: pointer">
			<td style="white-space: nowrap"><b>${text(row.reference_name)}</b><div class="text-muted">${text(__(row.reference_doctype))}, ${text(row.posting_date ? frappe.datetime.str_to_user(row.posting_date) : "")}</div></td>
			<td>${text(row.contact)}</td><td>${text(row.accounts)}</td><td class="text-right" style="white-space: nowrap">${this.money(row.tax, row.currency)}</td><td class="text-right" style="white-space: nowrap">${this.money(amount, row.currency)}</td>
			<td>${text(row.becomes)}</td><td style="min-width: 220px"><span class="indicator-pill ${colours[row.state]}">${text(row.said)}</span>${past}${why}${cure}</td><td>${real}</td></tr>`;
	}

	async pressed($at) {
		const act = $at.data("act");
		if (act === "filter") {
			this.state = String($at.data("state") || "");
			return this.load();
		}
		if (act === "more") {
			this.rows = this.rows.concat(await this.call("table", { preview: this.preview, state: this.state, start_at: this.rows.length }));
			return this.draw();
		}
		if (act === "open") return this.open(this.rows[Number($at.data("at"))]);
	}

	// One document: ERPNext on the left, Xero on the right.
	async open(row) {
		const found = await this.call("document", { connection: this.connection, doctype: row.reference_doctype, name: row.reference_name });
		const dialog = new frappe.ui.Dialog({ title: row.reference_name, size: "extra-large", fields: [{ fieldname: "html", fieldtype: "HTML" }] });
		dialog.fields_dict.html.$wrapper.html(this.sides(found));
		dialog.show();
	}

	// A value in the formats of the reader's site; `as` says what it is (attention/as_in_xero.py).
	value(value, as, currency) {
		if (value === "" || value === null || value === undefined) return "";
		const decimals = (String(value).split(".")[1] || "").length;
		if (as === "date") return this.text(frappe.datetime.str_to_user(value));
		if (as === "money") return this.money(value, currency);
		if (as === "price") return this.text(format_currency(value, currency || undefined, Math.max(2, decimals)));
		if (as === "number") return this.text(format_number(value, null, decimals));
		if (as === "percent") return `${this.text(format_number(value, null, decimals))}%`;
		return this.text(value);
	}

	sides(found) {
		const text = (value) => this.text(value);
		const right = (as) => (["money", "price", "number", "percent"].includes(as) ? ' class="text-right text-nowrap"' : "");
		const table = (columns, rows) => `<div style="overflow-x: auto"><table class="table table-bordered small"><thead><tr>${columns.map((each) => `<th${right(each.as)}>${text(each.label)}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
		const cells = (columns, currency) => (values) => `<tr>${values.map((each, at) => `<td${right(columns[at].as)}>${this.value(each, columns[at].as, currency)}</td>`).join("")}</tr>`;
		const differs = `<span class="indicator-pill orange">${__("differs")}</span>`;
		const heads = table(
			[{ label: "" }, { label: __("Here") }, { label: __("In Xero") }],
			found.sides.map((each) => `<tr${each.differs ? ' style="background: var(--yellow-highlight-color, #fff5d6)"' : ""}><td class="text-muted">${text(each.label)}</td><td>${this.value(each.here, each.as, found.currency)}</td><td>${this.value(each.there, each.as, found.currency)}${each.differs ? ` ${differs}` : ""}</td></tr>`)
		);
		const own = [{ label: __("Line") }, { label: __("Qty"), as: "number" }, { label: __("Amount"), as: "money" }, { label: __("Account") }, { label: __("Cost Center") }];
		const here = found.lines.length ? table(own, found.lines.map((each) => [each.description, each.quantity, each.amount, each.account, each.cost_center]).map(cells(own, found.currency))) : "";
		const fold = (title, inside) => `<details style="margin-top: 8px"><summary class="text-muted small" style="cursor: pointer">${title}</summary><div style="margin-top: 6px">${inside}</div></details>`;
		const steps = found.steps.map((step) => {
			const field = (each) => `<div style="min-width: 130px"><div class="text-muted small">${text(each.label)}</div><div style="overflow-wrap: anywhere">${this.value(each.value, each.as, step.currency)}</div></div>`;
			const fields = step.fields.length ? `<div class="d-flex flex-wrap" style="gap: 10px 24px; margin: 8px 0 12px">${step.fields.map(field).join("")}</div>` : "";
			const lines = step.lines.rows.length ? table(step.lines.columns, step.lines.rows.map(cells(step.lines.columns, step.currency))) : "";
			const total = (each, at) => `<tr${at === step.totals.length - 1 ? ' style="font-weight: 600"' : ""}><td class="text-right" style="padding-right: 16px">${text(each.label)}</td><td class="text-right text-nowrap">${this.value(each.value, each.as, step.currency)}</td></tr>`;
			const totals = step.totals.length ? `<table class="small" style="margin: 0 8px 8px auto"><tbody>${step.totals.map(total).join("")}</tbody></table>` : "";
			const because = [__("Line"), __("Account in Xero"), __("Why"), __("Tax rate in Xero"), __("Why")].map((label) => ({ label }));
			const why = step.reasons.length ? fold(__("Why this account and tax"), table(because, step.reasons.map(cells(because)))) : "";
			const said = (title, list) => (list.length ? `<p style="margin: 6px 0 2px"><b>${title}</b></p><ul>${list.map((each) => `<li>${text(each.message)}${each.cure ? ` <i class="text-muted">${text(each.cure)}</i>` : ""}</li>`).join("")}</ul>` : "");
			const sent = step.json ? fold(__("As sent to Xero"), `<pre class="xero-preview-json" style="max-height: 400px; margin: 0">${text(step.request)}\n${text(step.json)}</pre>`) : "";
			const status = step.status ? ` <span class="indicator-pill gray text-nowrap">${text(step.status)}</span>` : "";
			return `<div class="xero-preview-record" style="border: 1px solid var(--border-color); border-radius: 8px; padding: 12px 14px; margin-bottom: 14px"><div style="margin: 0 0 4px; font-size: var(--text-lg, 16px)"><b>${text(step.what)}</b>${status}${step.document === found.name ? "" : ` <span class="text-muted small">${text(step.document)}</span>`}</div>${said(__("What keeps it"), step.problems)}${fields}${lines}${totals}${said(__("Assumed of Xero"), step.assumptions)}${why}${sent}</div>`;
		});
		return `<div class="row"><div class="col-md-5"><h5>${__("Here")}</h5>${heads}${here}</div><div class="col-md-7"><h5>${__("In Xero")}</h5>${steps.join("") || `<p class="text-muted">${__("Nothing is left to do for it")}</p>`}</div></div>`;
	}
}

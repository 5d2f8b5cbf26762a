// Rules: what goes to Xero and when. Above, the settings of each kind of document with the requests that each choice costs; below, the rules in their order, and
// what they would have made of the last 90 days. Everything that comes from the server is text here, and is escaped.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.pages["xero-rules"].on_page_load = (wrapper) => {
		const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Rules"), single_column: true });
		// The name of a company takes its room: the Desk cuts titles at a quarter of the window.
		$(wrapper).find(".title-text").css("max-width", "60vw");
		wrapper.xero_rules = new XeroRules(page);
	};

	frappe.pages["xero-rules"].on_page_show = (wrapper) => {
		if (wrapper.xero_rules) wrapper.xero_rules.show();
	};

	const RULES = "picortex_xero.api.rules.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const TIMES = { "Real time": __("Real time"), Hourly: __("Hourly"), Daily: __("Daily") };
	const STATUSES = { "": __("As on the Xero Connection"), DRAFT: __("Draft"), SUBMITTED: __("Awaiting approval"), AUTHORISED: __("Awaiting payment") };
	const CODE = "Code in Xero";
	const SUMMARISE = "Summarise Daily";
	const COLOURS = { Sync: "green", "Hold for approval": "orange", "Next batch": "blue", Skip: "grey", "Waits for a person": "red" };

	class XeroRules {
		constructor(page) {
			this.page = page;
			this.$body = $('<div class="xero-rules" style="padding: 15px"></div>').appendTo(page.body);
			this.$body.on("click", "[data-act]", (event) => {
				event.preventDefault();
				return this.pressed($(event.currentTarget));
			});
			this.$body.on("change", "[data-kind] :input", (event) => this.changed($(event.currentTarget).closest("[data-kind]")));
			page.set_secondary_action(__("Preview"), () => this.preview());
		}

		// The route names a connection: /app/xero-rules/<connection>; without one it is the first that the user may see.
		async show() {
			const [, named] = frappe.get_route();
			if (!named) {
				const found = await frappe.db.get_list("Xero Connection", { filters: { state: ["!=", "Retired"] }, fields: ["name"], order_by: "company asc", limit: 1 });
				if (found.length) return frappe.set_route("xero-rules", found[0].name);
				this.$body.html(`<div class="text-muted">${__("No company is connected yet")}</div>`);
				return undefined;
			}
			if (this.connection !== named) this.seen = null;
			this.connection = named;
			return this.load();
		}

		call(method, args, type) {
			return frappe.call({ method: RULES + method, args, type: type || "POST" }).then(({ message }) => message);
		}

		async load() {
			const asked = this.connection;
			const [found, about] = await Promise.all([
				this.call("show", { connection: asked }, "GET"),
				frappe.db.get_value("Xero Connection", asked, "company"),
			]);
			if (!found || asked !== this.connection) return;
			this.found = found;
			this.page.set_title(__("Rules: {0}", [text((about.message || {}).company)]));
			if (found.decides) this.page.set_primary_action(__("Add a Rule"), () => frappe.new_doc("Xero Sync Rule", { connection: this.connection }), "add");
			else this.page.clear_primary_action();
			this.draw();
		}

		draw() {
			const { settings, rules, waiting, decides, zone } = this.found;
			const batch = !waiting ? "" : `<p><span class="indicator blue"></span>${waiting === 1 ? __("One document waits for its batch") : __("{0} documents wait for their batch", [waiting])}
				${decides ? `<button class="btn btn-xs btn-default" data-act="send-batch">${__("Send Now")}</button>` : ""}</p>`;
			const heads = [__("Documents"), __("Go to Xero"), __("When (requests a day, by the last 90 days)"), __("Daily At"), __("From"), __("Status in Xero")];
			this.$body.html(
				`<h4>${__("Sync settings")}</h4>
				<table class="table table-sm"><thead><tr>${heads.map((each) => `<th>${text(each)}</th>`).join("")}</tr></thead><tbody>${settings.map((each) => this.setting(each, decides)).join("")}</tbody></table>
				<p class="text-muted small">${text(__("Times are by the clock of this site ({0}). Requests are counted from when the documents were made, with as many in a request as are sent together; contacts, files and reading what changed in Xero come on top.", [zone]))}</p>
				${batch}
				<h4 style="margin-top: 30px">${__("Rules")}</h4>
				<p class="text-muted">${__("The first rule that matches a document decides; where none does, the settings above. What pays, credits or returns a skipped document is skipped with it. What is in Xero already stays as it is.")}</p>
				${rules.length ? `<table class="table"><tbody>${rules.map((each, at) => this.rule(each, at, rules.length, decides)).join("")}</tbody></table>` : `<div class="text-muted" style="padding: 20px 0">${__("No rules yet: all documents go by the settings above")}</div>`}
				<div class="xero-rules-cash"></div>
				<div class="xero-rules-preview"></div>`
			);
			this.draw_cash();
			picortex_xero.draw_day_fields(this.$body);
			if (this.seen) this.draw_preview();
		}

		// What was chosen for cash that Xero's bank shows without a document.
		draw_cash() {
			const { cash, decides } = this.found;
			const rows = cash.map((each) => `<tr data-account="${text(each.account)}"><td>${text(each.account)}</td><td>${this.chosen_for(each)}</td>
				<td>${each.choice === SUMMARISE && each.summarised_until ? text(__("Summarised until {0}", [frappe.datetime.str_to_user(each.summarised_until)])) : ""}</td>
				<td class="text-right" style="min-width: 260px">${decides ? this.cash_buttons(each.account) : ""}</td></tr>`);
			this.$body.find(".xero-rules-cash").html(
				rows.length
					? `<h4 style="margin-top: 30px">${__("Cash without a document")}</h4><p class="text-muted">${__("Documents that do not go to Xero move money all the same. Each account is coded in Xero, or summarised by the app once a day.")}
						<a href="#" data-act="summaries">${__("Summaries")}</a></p><table class="table"><tbody>${rows.join("")}</tbody></table>`
					: ""
			);
		}

		choice_of(account) {
			return this.found.cash.find((each) => each.account === account) || { account, choice: "" };
		}

		chosen_for(each) {
			if (!each.choice) return `<span class="text-muted">${__("Not said yet: it is coded in Xero")}</span>`;
			if (each.choice !== SUMMARISE) return text(__("Code in Xero"));
			const tax = (type) => (type ? (this.found.taxes.find((one) => one.value === type) || { label: type }).label : __("no tax"));
			const details = __("from {0}; received to {1} ({2}), paid to {3} ({4})", [
				frappe.datetime.str_to_user(each.from_date),
				each.received_account,
				tax(each.received_tax_type),
				each.paid_account,
				tax(each.paid_tax_type),
			]);
			return `<b>${text(__("Summarise Daily"))}</b><div class="small text-muted">${text(details)}</div>`;
		}

		cash_buttons(account) {
			const { choice } = this.choice_of(account);
			const code = choice === CODE ? "" : `<button class="btn btn-xs btn-default" data-act="code-in-xero">${__("Code in Xero")}</button>`;
			return choice === SUMMARISE
				? `<button class="btn btn-xs btn-default" data-act="summarise">${__("Change")}</button> ${code}`
				: `<button class="btn btn-xs btn-default" data-act="summarise">${__("Summarise Daily")}</button> ${code}`;
		}

		code_in_xero(account) {
			const choose = () => this.then(this.call("choose_for_cash", { connection: this.connection, account, choice: CODE }));
			if (!this.choice_of(account).choice) return choose();
			const question = __("Code the cash of {0} in Xero from now on? What was summarised stays there.", [text(account)]);
			return frappe.confirm(question, choose);
		}

		// Nothing closes before it is kept: what the server refuses stays there to be put right.
		summarise(account) {
			const known = this.choice_of(account);
			const host = (fieldname, label) => ({
				fieldname,
				label,
				fieldtype: "Link",
				options: "Account",
				reqd: 1,
				default: known[fieldname] || "",
				get_query: () => ({ filters: { company: this.found.company, is_group: 0 } }),
			});
			const tax = (fieldname, label) => ({
				fieldname,
				label,
				fieldtype: "Select",
				options: [{ value: "", label: __("No tax") }, ...this.found.taxes],
				default: known[fieldname] || "",
				description: __("Amounts include it"),
			});
			const dialog = new frappe.ui.Dialog({
				title: __("Summarise Daily: {0}", [text(account)]),
				fields: [
					{ fieldname: "from_date", label: __("From"), fieldtype: "Date", reqd: 1, default: known.from_date || frappe.datetime.get_today(), description: __("The first day that is summarised") },
					host("received_account", __("Money Received Goes To")),
					tax("received_tax_type", __("Tax of Money Received")),
					host("paid_account", __("Money Paid Goes To")),
					tax("paid_tax_type", __("Tax of Money Paid")),
				],
				primary_action_label: __("Summarise Daily"),
				primary_action: async (values) => {
					await this.call("choose_for_cash", { connection: this.connection, account, choice: SUMMARISE, ...values });
					dialog.hide();
					frappe.show_alert({ message: __("Saved"), indicator: "green" });
					await this.load();
				},
			});
			dialog.show();
		}

		setting(each, decides) {
			const off = decides ? "" : " disabled";
			const options = (choices, chosen, says) =>
				Object.keys(choices).map((value) => `<option value="${text(value)}"${value === chosen ? " selected" : ""}>${text(says(value))}</option>`).join("");
			const times = options(TIMES, each.send, (value) => `${TIMES[value]} (${format_number(each.requests[value], null, 1)})`);
			const status = each.has_status ? `<select class="form-control input-xs" style="appearance: auto" data-field="target_status"${off}>${options(STATUSES, each.target_status, (value) => STATUSES[value])}</select>` : "";
			return `<tr data-kind="${text(each.kind)}">
				<td>${text(each.label)}</td>
				<td><input type="checkbox" data-field="enabled" aria-label="${text(__("Go to Xero"))}"${each.enabled ? " checked" : ""}${off}></td>
				<td><select class="form-control input-xs" style="appearance: auto" data-field="send"${off}>${times}</select></td>
				<td><input type="time" class="form-control input-xs" data-field="send_at" value="${text(each.send_at || "17:00")}"${off} style="${each.send === "Daily" ? "" : "visibility: hidden"}"></td>
				<td>${picortex_xero.day_field({ attributes: 'data-field="start_date"', value: each.start_date, off: !decides })}</td>
				<td>${status}</td></tr>`;
		}

		rule(each, at, count, decides) {
			const may = decides
				? [
					`<button class="btn btn-xs btn-default" data-act="up"${at > 0 ? "" : " disabled"}>${__("Up")}</button>`,
					`<button class="btn btn-xs btn-default" data-act="down"${at < count - 1 ? "" : " disabled"}>${__("Down")}</button>`,
					each.enabled
						? `<button class="btn btn-xs btn-default" data-act="switch">${__("Switch off")}</button>`
						: `<button class="btn btn-xs btn-default" data-act="switch">${__("Switch on")}</button>`,
					`<button class="btn btn-xs btn-default" data-act="copy">${__("Copy")}</button>`,
				].join(" ")
				: "";
			const broken = each.broken ? `<div class="small text-danger">${text(__("It cannot be applied: {0}. What it could decide about waits.", [each.broken]))}</div>` : "";
			const nobody = each.asks_nobody ? `<div class="small text-danger">${text(each.asks_nobody)}</div>` : "";
			return `<tr data-rule="${text(each.name)}" data-at="${at}" style="${each.enabled ? "" : "opacity: 0.6"}">
				<td style="width: 30px">${at + 1}</td>
				<td><a data-act="open" href="#"><b>${text(each.title)}</b></a> ${each.enabled ? "" : `<span class="text-muted">${__("switched off")}</span>`}
					<div class="small text-muted">${text(each.kinds.join(", "))}${each.says ? `: ${text(each.says)}` : ""}</div>${broken}</td>
				<td>${text(each.outcome)}${each.approved ? `<div class="small text-muted">${text(each.approved)}</div>` : ""}${nobody}</td>
				<td class="text-right text-nowrap">${may} <button class="btn btn-xs btn-default" data-act="preview-with">${__("Preview")}</button></td></tr>`;
		}

		pressed($button) {
			const acts = {
				up: () => this.move($button, -1),
				down: () => this.move($button, 1),
				open: () => frappe.set_route("Form", "Xero Sync Rule", this.rule_of($button).name),
				switch: () => this.then(this.call("switch", { rule: this.rule_of($button).name, on: this.rule_of($button).enabled ? 0 : 1 })),
				copy: () => this.then(this.call("copy", { rule: this.rule_of($button).name })),
				"preview-with": () => this.preview(this.rule_of($button).name),
				"send-batch": () => this.then(this.call("send_batch", { connection: this.connection })),
				caught: () => this.list($button.attr("data-of")),
				summarise: () => this.summarise($button.closest("[data-account]").attr("data-account")),
				"code-in-xero": () => this.code_in_xero($button.closest("[data-account]").attr("data-account")),
				summaries: () => frappe.set_route("List", "Xero Cash Summary", "List", { connection: this.connection }),
				document: () => frappe.set_route("Form", $button.attr("data-doctype"), $button.attr("data-name")),
			};
			return acts[$button.attr("data-act")]();
		}

		rule_of($button) {
			return this.found.rules[Number($button.closest("[data-at]").attr("data-at"))];
		}

		// The server's refusal is shown by the Desk; the page then shows what is stored.
		async then(done) {
			try {
				await done;
			} finally {
				await this.load();
			}
		}

		move($button, by) {
			const names = this.found.rules.map((each) => each.name);
			const at = Number($button.closest("[data-at]").attr("data-at"));
			[names[at], names[at + by]] = [names[at + by], names[at]];
			return this.then(this.call("put_in_order", { connection: this.connection, rules: JSON.stringify(names) }));
		}

		async changed($row) {
			const value = (field) => $row.find(`[data-field="${field}"]`).val() || "";
			const send = value("send");
			await this.then(
				this.call("save_setting", {
					connection: this.connection,
					kind_of: $row.attr("data-kind"),
					enabled: $row.find('[data-field="enabled"]').prop("checked") ? 1 : 0,
					send,
					send_at: send === "Daily" ? value("send_at") : "",
					start_date: value("start_date"),
					target_status: value("target_status"),
				})
			);
			frappe.show_alert({ message: __("Saved"), indicator: "green" });
		}

		async preview(rule) {
			const asked = this.connection;
			this.$body.find(".xero-rules-preview").html(`<p class="text-muted">${__("Looking at the last 90 days ...")}</p>`);
			const seen = await this.call("preview", { connection: asked, rule: rule || "" }, "GET");
			if (asked !== this.connection || !seen) return;
			this.seen = seen;
			this.chosen = null;
			this.draw_preview();
			const [$at] = this.$body.find(".xero-rules-preview");
			if ($at) $at.scrollIntoView({ behavior: "smooth" });
		}

		draw_preview() {
			const { counts, cash, looked, of, since, hint } = this.seen;
			const which = (each) => each.rule || (each.outcome === "Sync" ? __("No rule") : __("Sync settings"));
			const rows = counts.map((each) => {
				const key = text(JSON.stringify([each.rule, each.outcome]));
				const count = each.outcome === "Sync" && !each.rule ? String(each.documents) : `<a href="#" data-act="caught" data-of="${key}">${each.documents}</a>`;
				return `<tr><td>${text(which(each))}</td><td><span class="indicator ${COLOURS[each.outcome] || "grey"}"></span>${text(each.says)}</td><td class="text-right">${count}</td></tr>`;
			});
			const moved = cash.map(
				(each) => `<tr data-account="${text(each.account)}"><td>${text(each.account)}</td><td class="text-right">${text(format_currency(each.received, each.currency))}</td><td class="text-right">${text(format_currency(each.paid, each.currency))}</td><td class="text-right">${each.documents}</td>
				<td>${this.chosen_for(this.choice_of(each.account))}</td><td class="text-right" style="min-width: 220px">${this.found.decides ? this.cash_buttons(each.account) : ""}</td></tr>`
			);
			const many = of > looked ? `<p class="text-warning">${text(__("These are the newest {0} of {1} documents", [looked, of]))}</p>` : "";
			this.$body.find(".xero-rules-preview").html(
				`<h4 style="margin-top: 30px">${text(__("Preview: documents since {0}", [frappe.datetime.str_to_user(since)]))}</h4>${many}
				<table class="table table-sm" style="max-width: 700px"><thead><tr><th>${__("Decided by")}</th><th>${__("What becomes of them")}</th><th class="text-right">${__("Documents")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>
				${moved.length ? `<h5>${__("Cash without a document")}</h5><p class="text-muted">${text(hint)}</p><table class="table table-sm"><thead><tr><th>${__("Account")}</th><th class="text-right">${__("In")}</th><th class="text-right">${__("Out")}</th><th class="text-right">${__("Documents")}</th><th>${__("What becomes of it")}</th><th></th></tr></thead><tbody>${moved.join("")}</tbody></table>` : ""}
				<div class="xero-rules-caught"></div>`
			);
			if (this.chosen) this.list(this.chosen);
		}

		list(chosen) {
			this.chosen = chosen;
			const [rule, outcome] = JSON.parse(chosen);
			const { documents, currency, caught, listed } = this.seen;
			const rows = documents.filter((each) => each.rule === rule && each.outcome === outcome);
			const row = (each) => `<tr><td>${text(frappe.datetime.str_to_user(each.date))}</td><td><a href="#" data-act="document" data-doctype="${text(each.doctype)}" data-name="${text(each.name)}">${text(each.name)}</a> <span class="text-muted">${text(__(each.doctype))}</span></td>
				<td class="text-right">${text(format_currency(each.amount, currency))}</td><td>${text(each.why || each.says)}${each.in_xero ? ` <span class="text-muted">${__("In Xero already: it stays")}</span>` : ""}</td></tr>`;
			const more = caught > listed ? `<p class="text-muted">${text(__("The first {0} of {1} are listed", [listed, caught]))}</p>` : "";
			this.$body.find(".xero-rules-caught").html(
				`<h5>${text(rule || __("Sync settings"))}: ${text(rows.length ? rows[0].says : outcome)}</h5>${more}
				<table class="table table-sm"><thead><tr><th>${__("Date")}</th><th>${__("Document")}</th><th class="text-right">${__("Amount")}</th><th>${__("Why")}</th></tr></thead><tbody>${rows.map(row).join("")}</tbody></table>`
			);
		}
	}
})();

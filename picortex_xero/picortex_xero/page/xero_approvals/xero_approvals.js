// Approvals: what a rule holds back until somebody agrees, a page at a time. Of each document whose it is, how much, its lines, and who agreed before; several are
// approved or given back together. Everything that comes from the server is text here, and is escaped.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.pages["xero-approvals"].on_page_load = (wrapper) => {
		const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Approvals"), single_column: true });
		wrapper.xero_approvals = new XeroApprovals(page);
	};

	frappe.pages["xero-approvals"].on_page_show = (wrapper) => {
		if (wrapper.xero_approvals) wrapper.xero_approvals.show();
	};

	const APPROVALS = "picortex_xero.api.approvals.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const TURNS = { mine: __("Waiting for me"), others: __("Waiting for others"), all: __("All") };
	const STYLE = `<style>
		.xero-approvals { padding: 15px; }
		.xa-bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 12px; }
		/* The Desk takes the arrow away, and draws one only beside its own fields. */
		.xa-bar select { width: auto; appearance: auto; }
		.xa-acts { position: sticky; top: calc(var(--navbar-height, 48px) + var(--page-head-height, 60px)); z-index: 3; background: var(--fg-color, #fff); padding: 8px 0; border-bottom: 1px solid var(--border-color); margin: 0; box-shadow: 0 -30px 0 var(--fg-color, #fff), 0 -60px 0 var(--fg-color, #fff); }
		/* The head of a page goes away on scrolling down: nothing of the list shows in its place, and the filters stand before that. */
		.xa-filters { position: relative; z-index: 4; }
		.xero-approvals table.xa-list { margin: 0; table-layout: fixed; width: 100%; }
		.xero-approvals table.xa-list > tbody > tr > td { vertical-align: top; padding: 10px 8px; }
		.xero-approvals .xa-check { width: 34px; }
		.xero-approvals .xa-amount { width: 170px; text-align: right; white-space: nowrap; font-weight: 600; }
		.xero-approvals .xa-said:not(:empty) { margin-top: 4px; }
		.xero-approvals .xa-said .indicator-pill { white-space: normal; height: auto; }
		.xero-approvals details { margin-top: 4px; }
		.xero-approvals details summary { cursor: pointer; color: var(--text-muted); }
		.xero-approvals details table { margin: 6px 0; }
	</style>`;

	class XeroApprovals {
		constructor(page) {
			this.page = page;
			this.choice = { company: "", doctype: "", turn: "mine", start: 0 };
			this.$body = $('<div class="xero-approvals"></div>').appendTo(page.body);
			this.$body.on("click", "[data-act]", (event) => {
				event.preventDefault();
				return this.pressed($(event.currentTarget));
			});
			this.$body.on("change", ".xa-one", () => this.count());
			this.$body.on("change", ".xa-all", (event) => {
				this.$body.find(".xa-one:not(:disabled)").prop("checked", event.currentTarget.checked);
				this.count();
			});
			this.$body.on("change", "select[data-set]", (event) => this.choose({ [$(event.currentTarget).attr("data-set")]: $(event.currentTarget).val() }));
			this.page.set_secondary_action(__("Refresh"), () => this.load());
		}

		// Whoever comes from To Fix sees what waits for whomever, of that company. The Desk hands options that nobody has read to the next list.
		show() {
			const { xero_company } = frappe.route_options || {};
			frappe.route_options = null;
			if (xero_company) this.choice = { company: xero_company, doctype: "", turn: "all", start: 0 };
			return this.load();
		}

		call(method, args, type) {
			return frappe.call({ method: APPROVALS + method, args, type: type || "POST", freeze: type !== "GET" }).then(({ message }) => message);
		}

		choose(changed) {
			Object.assign(this.choice, { start: 0 }, changed);
			return this.load();
		}

		async load() {
			const asked = (this.asked = JSON.stringify([this.choice, Date.now()]));
			const found = await this.call("page", this.choice, "GET");
			if (!found || asked !== this.asked) return;
			this.found = found;
			this.choice.start = found.start;
			this.draw();
		}

		// Drawing

		draw() {
			const { documents } = this.found;
			const list = documents.length
				? `<table class="table xa-list"><tbody>${documents.map((each, at) => this.row(each, at)).join("")}</tbody></table>`
				: `<div class="text-muted" style="padding: 30px 0; text-align: center">${this.nothing()}</div>`;
			this.$body.html(`${STYLE}${this.filters()}${documents.some((each) => each.may) ? this.acts() : ""}${list}${this.pages()}`);
			this.count();
		}

		nothing() {
			if (this.found.blind) return __("You may read none of the documents that go to Xero, so you see none here. Ask for a role that reads them, such as Accounts User.");
			if (this.choice.company || this.choice.doctype) return __("Nothing of this waits");
			return this.choice.turn === "mine" ? __("Nothing waits for your approval") : __("Nothing waits for approval");
		}

		filters() {
			const { mine, others, companies, kinds } = this.found;
			const figures = { mine, others, all: mine + others };
			const turns = Object.keys(TURNS)
				.map((each) => `<button class="btn btn-sm ${each === this.choice.turn ? "btn-secondary active" : "btn-default"}" data-act="turn" data-turn="${each}">${TURNS[each]} (${figures[each]})</button>`)
				.join("");
			const select = (name, every, values, said) =>
				values.length > 1 || this.choice[name]
					? `<select class="form-control input-sm" data-set="${name}" aria-label="${every}"><option value="">${every}</option>${[...new Set([...values, this.choice[name]])]
							.filter(Boolean)
							.map((each) => `<option value="${text(each)}"${each === this.choice[name] ? " selected" : ""}>${text(said(each))}</option>`)
							.join("")}</select>`
					: "";
			return `<div class="xa-bar xa-filters"><div class="btn-group">${turns}</div>${select("company", __("All companies"), companies, (each) => each)}${select("doctype", __("All kinds"), kinds, (each) => __(each))}</div>`;
		}

		acts() {
			const approve = `<button class="btn btn-sm btn-primary" data-act="approve">${__("Approve")}</button>`;
			const give_back = `<button class="btn btn-sm btn-default" data-act="return">${__("Return", null, "Xero")}</button>`;
			return `<div class="xa-bar xa-acts">
				<label style="margin: 0"><input type="checkbox" class="xa-all"> ${__("All on this page")}</label>
				${approve}${give_back}<span class="text-muted xa-chosen"></span></div>`;
		}

		pages() {
			const { total, start, page, documents } = this.found;
			if (total <= page) return "";
			const more = [
				start > 0 ? `<button class="btn btn-default btn-sm" data-act="back">${__("Back")}</button>` : "",
				start + page < total ? `<button class="btn btn-default btn-sm" data-act="further">${__("Further")}</button>` : "",
			].join("");
			return `<div class="xa-bar" style="margin-top: 12px"><span class="text-muted">${text(__("{0} to {1} of {2}", [documents.length ? start + 1 : 0, Math.min(start + page, total), total]))}</span>${more}</div>`;
		}

		row(each, at) {
			const pill = (colour, said) => `<span class="indicator-pill ${colour}">${text(said)}</span>`;
			const said = [
				each.past_us ? pill("red", __("Approved in Xero already")) : "",
				each.changed ? pill("orange", __("Changed after it was approved")) : "",
				each.returned ? pill("red", __("Returned by {0}", [each.returned])) : "",
				each.on_behalf_of ? pill("blue", __("On behalf of {0}", [each.on_behalf_of])) : "",
				each.agreed.length ? pill("green", __("Approved before by {0}", [each.agreed.join(", ")])) : "",
				each.barred ? `<span class="text-muted">${text(each.why_not)}</span>` : "",
			].filter(Boolean);
			const wants = each.steps > 1 ? __("Rule {0}, step {1} of {2}: {3}", [each.rule, each.step, each.steps, each.asked]) : __("Rule {0}: {1}", [each.rule, each.asked]);
			const about = [text(__(each.doctype)), text(each.company), text(frappe.datetime.str_to_user(each.posting_date)), each.entered ? text(__("entered by {0}", [each.entered])) : ""];
			const lines = each.lines
				.map((line) => `<tr><td>${text(line.what)}</td><td class="text-muted">${text(line.account)}</td><td class="text-right">${text(format_number(Number(line.amount), null, 2))}</td></tr>`)
				.join("");
			const more = each.more_lines ? `<p class="text-muted">${text(__("and {0} more lines", [each.more_lines]))}</p>` : "";
			return `<tr>
				<td class="xa-check"><input type="checkbox" class="xa-one" data-at="${at}" aria-label="${text(each.name)}"${each.may ? "" : " disabled"}></td>
				<td><a href="#" data-act="open" data-at="${at}"><b>${text(each.name)}</b></a> &nbsp;${text(each.party)}
					<div class="small text-muted">${about.filter(Boolean).join(" · ")}</div>
					<div class="small">${text(wants)}</div>
					<div class="small xa-said">${said.join(" ")}</div>
					<details class="small"><summary>${__("Details")}</summary><table class="table table-sm"><tbody>${lines}</tbody></table>${more}
						<button class="btn btn-xs btn-default" data-act="preview" data-at="${at}">${__("As in Xero")}</button></details></td>
				<td class="xa-amount">${text(format_number(Number(each.amount), null, 2))} ${text(each.currency)}</td></tr>`;
		}

		chosen() {
			return this.$body.find(".xa-one:checked").map((_at, box) => this.found.documents[Number($(box).attr("data-at"))]).get();
		}

		count() {
			const chosen = this.chosen().length;
			this.$body.find("[data-act=approve], [data-act=return]").prop("disabled", !chosen);
			this.$body.find(".xa-all").prop("checked", chosen > 0 && chosen === this.$body.find(".xa-one:not(:disabled)").length);
			this.$body.find(".xa-chosen").text(chosen === 1 ? __("One is chosen") : chosen ? __("{0} are chosen", [chosen]) : "");
		}

		// Acting

		pressed($button) {
			const one = this.found.documents[Number($button.attr("data-at"))];
			const { start, page } = this.found;
			const acts = {
				open: () => frappe.set_route("Form", one.doctype, one.name),
				preview: () => this.preview(one),
				approve: () => this.approve(),
				return: () => this.give_back(),
				turn: () => this.choose({ turn: $button.attr("data-turn") }),
				back: () => this.choose({ start: Math.max(0, start - page) }),
				further: () => this.choose({ start: start + page }),
			};
			return acts[$button.attr("data-act")]();
		}

		// Each record as Xero's screen would show it.
		async preview(one) {
			const steps = await this.call("preview", { doctype: one.doctype, name: one.name }, "GET");
			const said_as = {
				money: (each, currency) => `${format_number(Number(each), null, 2)} ${currency}`,
				// As many decimals as it has.
				number: (each) => format_number(Number(each), null, (String(Number(each)).split(".")[1] || "").length),
				price: (each) => format_number(Number(each), null, Math.max(2, (String(Number(each)).split(".")[1] || "").length)),
				date: (each) => frappe.datetime.str_to_user(each),
			};
			const value = (each, as, currency) => text(each !== "" && said_as[as] ? said_as[as](each, currency) : each);
			const pairs = (list, currency) => (list.length ? `<table class="xa-pairs"><tbody>${list.map((each) => `<tr><td class="text-muted" style="padding-right: 16px">${text(each.label)}</td><td>${value(each.value, each.as, currency)}</td></tr>`).join("")}</tbody></table>` : "");
			const table = ({ columns, rows }, currency) => !rows.length ? "" : `<table class="table table-bordered small"><thead><tr>${columns.map((each) => `<th>${text(each.label)}</th>`).join("")}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((each, at) => `<td>${value(each ?? "", columns[at].as, currency)}</td>`).join("")}</tr>`).join("")}</tbody></table>`;
			const said = (steps || []).map((step) => `<h5>${text(step.what)} ${text(step.document)}</h5><p class="text-muted">${text(step.status)}</p>
				${step.problems.map((each) => `<p>${text(each.message)}<br><span class="text-muted">${text(each.cure)}</span></p>`).join("")}
				${pairs(step.fields, step.currency)}${table(step.lines, step.currency)}${pairs(step.totals, step.currency)}`);
			frappe.msgprint({ title: text(__("{0} as in Xero", [one.name])), message: said.join("<hr>") || __("It waits for nobody's approval any more"), wide: true });
		}

		approve() {
			const chosen = this.chosen();
			const asked = chosen.length === 1 ? __("Approve {0}?", [text(chosen[0].name)]) : __("Approve these {0} documents?", [chosen.length]);
			frappe.confirm(asked, () => this.decide(chosen, "Approved", ""));
		}

		give_back() {
			const chosen = this.chosen();
			const field = { fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1, description: __("Whoever entered it reads this") };
			const title = chosen.length === 1 ? __("Return {0}", [text(chosen[0].name)]) : __("Return these {0} documents", [chosen.length]);
			frappe.prompt(field, ({ note }) => this.decide(chosen, "Returned", note), title, __("Return", null, "Xero"));
		}

		// What was shown is what is approved: where it has changed since, the server says so, and nothing of it goes.
		async decide(chosen, outcome, note) {
			const items = chosen.map(({ doctype, name, seen }) => ({ doctype, name, seen }));
			try {
				const said = (await this.call("decide", { items, outcome, note })) || [];
				const not = said.filter((each) => !each.done);
				const done = said.length - not.length;
				const approved = outcome === "Approved";
				const one = approved ? __("One document is approved") : __("One document is returned");
				const many = approved ? __("{0} documents are approved", [done]) : __("{0} documents are returned", [done]);
				if (done) frappe.show_alert({ message: done === 1 ? one : many, indicator: approved ? "green" : "orange" });
				if (not.length) frappe.msgprint({ title: __("Not done"), message: not.map((each) => `<b>${text(each.name)}</b>: ${text(each.why)}`).join("<br>") });
			} finally {
				await this.load();
			}
		}
	}
})();

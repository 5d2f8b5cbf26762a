// Approvals: what a rule holds back until somebody agrees, what waits for the user first. Of each document whose it is, how much, its lines, and who agreed before;
// several are approved or given back together. Everything that comes from the server is text here, and is escaped.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.pages["xero-approvals"].on_page_load = (wrapper) => {
		const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Approvals"), single_column: true });
		wrapper.xero_approvals = new XeroApprovals(page);
	};

	frappe.pages["xero-approvals"].on_page_show = (wrapper) => {
		if (wrapper.xero_approvals) wrapper.xero_approvals.load();
	};

	const APPROVALS = "picortex_xero.api.approvals.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));

	class XeroApprovals {
		constructor(page) {
			this.page = page;
			this.$body = $('<div class="xero-approvals" style="padding: 15px"></div>').appendTo(page.body);
			this.$body.on("click", "[data-act]", (event) => {
				event.preventDefault();
				return this.pressed($(event.currentTarget));
			});
			this.$body.on("change", "input[type=checkbox]", () => this.count());
		}

		call(method, args, type) {
			return frappe.call({ method: APPROVALS + method, args, type: type || "POST" }).then(({ message }) => message);
		}

		async load() {
			const found = await this.call("waiting", {}, "GET");
			if (!found) return;
			this.found = found.documents;
			const mine = this.found.filter((each) => each.may).length;
			const buttons = [
				`<button class="btn btn-xs btn-default" data-act="approve">${__("Approve")}</button>`,
				`<button class="btn btn-xs btn-default" data-act="return">${__("Return")}</button>`,
			].join(" ");
			const head = !this.found.length
				? `<div class="text-muted" style="padding: 20px 0">${__("Nothing waits for approval")}</div>`
				: `<p>${mine === 1 ? __("One document waits for you") : __("{0} documents wait for you", [mine])} ${buttons}</p>`;
			const more = found.more ? `<p class="text-muted small">${__("The oldest are shown; there are more")}</p>` : "";
			this.$body.html(`${head}<table class="table"><tbody>${this.found.map((each, at) => this.row(each, at)).join("")}</tbody></table>${more}`);
			this.count();
		}

		row(each, at) {
			const said = [
				each.changed ? `<span class="indicator-pill orange">${__("Changed after it was approved")}</span>` : "",
				each.returned ? `<span class="indicator-pill red">${text(__("Returned by {0}", [each.returned]))}</span>` : "",
				each.on_behalf_of ? `<span class="text-muted">${text(__("on behalf of {0}", [each.on_behalf_of]))}</span>` : "",
				each.agreed.length ? `<span class="text-muted">${text(__("Approved before by {0}", [each.agreed.join(", ")]))}</span>` : "",
				each.why_not ? `<span class="text-muted">${text(each.why_not)}</span>` : "",
			].filter(Boolean);
			const lines = each.lines.map((line) => `<tr><td>${text(line.what)}</td><td class="text-muted">${text(line.account)}</td><td class="text-right">${text(format_number(Number(line.amount)))}</td></tr>`).join("");
			const preview = `<button class="btn btn-xs btn-default" data-act="preview" data-at="${at}">${__("As in Xero")}</button>`;
			return `<tr>
				<td style="width: 30px"><input type="checkbox" data-at="${at}" aria-label="${text(each.name)}"${each.may ? "" : " disabled"}></td>
				<td><a href="#" data-act="open" data-at="${at}"><b>${text(each.name)}</b></a> ${text(__(each.doctype))}, ${text(each.party)}
					<div class="small text-muted">${text(each.company)}, ${text(frappe.datetime.str_to_user(each.posting_date))}. ${text(__("Rule {0}, step {1} of {2}: {3}", [each.rule, each.step, each.steps, each.asked]))}</div>
					<div class="small">${said.join(" ")}</div>
					<details class="small"><summary>${__("Lines")}</summary><table class="table table-sm"><tbody>${lines}</tbody></table>${preview}</details></td>
				<td class="text-right"><b>${text(format_number(Number(each.amount)))} ${text(each.currency)}</b></td></tr>`;
		}

		chosen() {
			return this.$body.find("input[type=checkbox]:checked").map((_at, box) => this.found[Number($(box).attr("data-at"))]).get();
		}

		count() {
			this.$body.find("[data-act=approve], [data-act=return]").prop("disabled", !this.chosen().length);
		}

		pressed($button) {
			const one = this.found[Number($button.attr("data-at"))];
			const acts = {
				open: () => frappe.set_route("Form", one.doctype, one.name),
				preview: () => this.preview(one),
				approve: () => this.approve(),
				return: () => this.give_back(),
			};
			return acts[$button.attr("data-act")]();
		}

		// Each record as Xero's screen would show it.
		async preview(one) {
			const steps = await this.call("preview", { doctype: one.doctype, name: one.name }, "GET");
			const value = (each, as, currency) => text(["money", "number", "price"].includes(as) && each !== "" ? format_number(Number(each)) : as === "date" ? frappe.datetime.str_to_user(each) : each) + (as === "money" && each !== "" ? ` ${text(currency)}` : "");
			const pairs = (list, currency) => list.map((each) => `<div><span class="text-muted">${text(each.label)}</span> ${value(each.value, each.as, currency)}</div>`).join("");
			const table = ({ columns, rows }, currency) => !rows.length ? "" : `<table class="table table-bordered small"><thead><tr>${columns.map((each) => `<th>${text(each.label)}</th>`).join("")}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((each, at) => `<td>${value(each ?? "", columns[at].as, currency)}</td>`).join("")}</tr>`).join("")}</tbody></table>`;
			const said = (steps || []).map((step) => `<h5>${text(step.what)} ${text(step.document)}</h5><p class="text-muted">${text(step.status)}</p>
				${step.problems.map((each) => `<p>${text(each.message)}<br><span class="text-muted">${text(each.cure)}</span></p>`).join("")}
				${pairs(step.fields, step.currency)}${table(step.lines, step.currency)}${pairs(step.totals, step.currency)}`);
			frappe.msgprint({ title: text(one.name), message: said.join("<hr>") || __("It waits for nobody's approval any more"), wide: true });
		}

		approve() {
			const chosen = this.chosen();
			const asked = chosen.length === 1 ? __("Approve {0}?", [text(chosen[0].name)]) : __("Approve these {0} documents?", [chosen.length]);
			frappe.confirm(asked, () => this.decide(chosen, "Approved", ""));
		}

		give_back() {
			const chosen = this.chosen();
			const field = { fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1 };
			frappe.prompt(field, ({ note }) => this.decide(chosen, "Returned", note), __("Return"));
		}

		// What was shown is what is approved: where it has changed since, the server says so, and nothing of it goes.
		async decide(chosen, outcome, note) {
			const items = chosen.map(({ doctype, name, seen }) => ({ doctype, name, seen }));
			try {
				const said = (await this.call("decide", { items, outcome, note })) || [];
				const not = said.filter((each) => !each.done);
				if (not.length) frappe.msgprint({ title: __("Not done"), message: not.map((each) => `<b>${text(each.name)}</b>: ${text(each.why)}`).join("<br>") });
			} finally {
				await this.load();
			}
		}
	}
})();

// Cash Forecast: what banks hold at the end of the coming weeks, the lowest day with what takes it there, what-ifs, and how earlier forecasts turned out. A week opens its lines, whose sum it is. Everything that
// comes from the server is text here, and is escaped.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.pages["cash-forecast"].on_page_load = (wrapper) => (wrapper.cash_forecast = picortex_xero.begin_page(wrapper, __("Cash Forecast"), CashForecast));

	const CASH = "picortex_xero.api.cash_flow.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const day = (value) => text(value ? frappe.datetime.str_to_user(value) : "");
	// Figures come as exact texts.
	const money = (value, currency) => text(format_currency(Number(value), currency));
	const red = (value) => (Number(value) < 0 ? ' style="color: var(--red-600)"' : "");
	const KINDS = {
		Invoice: __("Invoice", null, "Xero"),
		Bill: __("Bill", null, "Xero"),
		Credit: __("Credit or advance", null, "Xero"),
		"Expense Claim": __("Expense claim", null, "Xero"),
		"Sales Order": __("Sales order", null, "Xero"),
		"Purchase Order": __("Purchase order", null, "Xero"),
		Repeated: __("Repeated document", null, "Xero"),
		Payroll: __("Wages", null, "Xero"),
		"Tax Payment": __("Tax payment", null, "Xero"),
		"Dated Ahead": __("Entered ahead", null, "Xero"),
		"In Transit": __("Transfer in transit", null, "Xero"),
		"Own Line": __("Own line", null, "Xero"),
	};

	class CashForecast {
		constructor(page) {
			Object.assign(this, { page, by: "weeks", asked: { currency: "", later: 0, later_customer: "", lost: "", open_too: 0 } });
			this.$body = $('<div class="cash-forecast" style="padding: 15px"></div>').appendTo(page.body);
			this.$body.on("click", "[data-act]", (event) => {
				event.preventDefault();
				return this.pressed($(event.currentTarget));
			});
			page.set_secondary_action(__("Refresh"), () => this.load());
			page.set_primary_action(__("What if"), () => this.what_if());
			page.add_menu_item(__("Line by line"), () => this.line_by_line());
			page.add_menu_item(__("Add a line of your own"), () => frappe.new_doc("Xero Forecast Line", { company: this.company }));
			page.add_menu_item(__("What the forecast counts"), () => this.settings());
		}

		call(method, args) {
			return frappe.call({ method: CASH + method, args: { company: this.company, ...args }, type: "GET" }).then(({ message }) => message);
		}

		// The route names a company: /app/cash-forecast/<company>.
		async show() {
			const [, named] = frappe.get_route();
			if (!named) {
				const [first] = await frappe.db.get_list("Company", { fields: ["name"], limit: 1 });
				const found = frappe.defaults.get_user_default("Company") || (first && first.name);
				return found ? frappe.set_route("cash-forecast", found) : this.$body.html(`<p class="text-muted">${__("There is no company that you may see")}</p>`);
			}
			this.company = named;
			return this.load();
		}

		async load() {
			const { company } = this;
			const [found, compared] = await Promise.all([this.call("forecast", this.asked), this.call("compared")]);
			if (!found || company !== this.company) return undefined;
			Object.assign(this, { found, compared: compared || [] });
			this.page.set_title(`${__("Cash Forecast")}: ${company}`);
			if (found.trouble) return this.$body.html(`<div class="alert alert-warning">${text(found.trouble)}</div>`);
			return this.draw();
		}

		draw() {
			const { found } = this;
			this.$body.html(`${this.bar()}${this.said()}<div class="chart"></div>${this.table()}<div class="opened"></div>${this.accounts()}${this.before()}`);
			const parts = found[this.by];
			const datasets = [{ name: __("Left at the End"), values: parts.map((each) => Number(each.closing)) }];
			if (found.scenarios.length) datasets.push({ name: __("Without the Scenario"), values: parts.map((each) => Number(each.expected)) });
			// As the host draws its charts, and at once: moved up from the axis, as the library does otherwise, the line stayed there.
			const markers = found.limit === null ? {} : { yMarkers: [{ label: __("Limit"), value: Number(found.limit) }] };
			frappe.utils.make_chart(this.$body.find(".chart")[0], {
				type: "line",
				height: 260,
				data: { labels: parts.map((each) => moment(each.last).format("D MMM")), datasets, ...markers },
				animate: 0,
				colors: ["blue", "light-grey"],
				lineOptions: { regionFill: 1 },
				tooltipOptions: { formatTooltipY: (value) => format_currency(value, found.currency) },
			});
		}

		bar() {
			const { found } = this;
			const chip = (says, chosen, attributes) => `<button class="btn btn-xs ${chosen ? "btn-primary" : "btn-default"}" ${attributes}>${says}</button>`;
			const spans = [chip(__("Weeks", null, "Xero"), this.by === "weeks", 'data-act="by" data-by="weeks"'), chip(__("Months", null, "Xero"), this.by === "months", 'data-act="by" data-by="months"')];
			const all = chip(text(__("All in {0}", [found.base])), !this.asked.currency, 'data-act="currency" data-currency=""');
			const some = found.currencies.length > 1 ? found.currencies.map((each) => chip(text(each), this.asked.currency === each, `data-act="currency" data-currency="${text(each)}"`)) : [];
			return `<div style="margin-bottom: 10px">${spans.join(" ")} &nbsp; ${some.length ? [all, ...some].join(" ") : ""}</div>`;
		}

		said() {
			const { found } = this;
			const { lowest, beyond } = found;
			const balance = money(lowest.balance, found.currency);
			const head = `<h4${red(lowest.balance)}>${__("Least is left on {0}: {1}", [day(lowest.day), balance])}</h4>`;
			const below = found.below ? `<div class="alert alert-warning">${__("That is less than the {0} that the company wants", [money(found.limit, found.currency)])}</div>` : "";
			const causes = lowest.causes.map((each) => `<li>${money(each.amount, found.currency)} · ${day(each.expected)} · ${text(KINDS[each.kind])} · ${text(each.party || each.name)} <span class="text-muted">${text(each.why)}</span></li>`);
			const why = causes.length ? `<p class="text-muted small" style="margin-bottom: 4px">${__("What takes it there since {0}", [day(lowest.since)])}</p><ul class="small">${causes.join("")}</ul>` : "";
			const what_if = found.scenarios.length ? `<div class="alert alert-info small">${found.scenarios.map(text).join("<br>")} · <a href="#" data-act="as_expected">${__("As expected")}</a></div>` : "";
			const outside = beyond.lines ? `<p class="text-muted small">${__("{0} lines over {1} are after these weeks, or not counted on ({2}).", [text(beyond.lines), money(beyond.amount, found.currency), text(beyond.not_counted_on)])} <a href="#" data-act="beyond">${__("Show them")}</a></p>` : "";
			const on_its_way = found.left_out ? `<p class="text-muted small">${__("{0} documents are open in Xero only because their payment is on its way there: they are not counted.", [text(found.left_out)])}</p>` : "";
			const in_xero = found.xero_read_at ? `<p class="text-muted small">${__("What only Xero has open is as of {0}.", [text(picortex_xero.in_user_time(found.xero_read_at))])}</p>` : `<p class="text-muted small">${__("What only Xero has open is not in it: switch on Read Xero's Reports on the Xero Connection.")}</p>`;
			const opening = (found.opening_said || []).map((each) => `<p class="text-muted small">${text(each)}</p>`).join("");
			return `${what_if}${below}${head}${why}${opening}${outside}${on_its_way}${in_xero}`;
		}

		table() {
			const { found } = this;
			const rows = found[this.by].map((each, at) => `<tr data-act="open" data-at="${at}" style="cursor: pointer"><td class="text-nowrap">${day(each.first)} – ${day(each.last)}</td><td class="text-right">${money(each.opening, found.currency)}</td><td class="text-right">${money(each.into, found.currency)}</td><td class="text-right">${money(each.out, found.currency)}</td><td class="text-right"${red(each.closing)}><b>${money(each.closing, found.currency)}</b></td><td class="text-right text-muted"${red(each.lowest)}>${money(each.lowest, found.currency)}</td></tr>`);
			const heads = [__("From and to"), __("Held before"), __("Comes in"), __("Goes out"), __("Left", null, "Xero"), __("Least meanwhile")];
			return `<table class="table table-sm small"><thead><tr>${heads.map((each, at) => `<th${at ? ' class="text-right"' : ""}>${each}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
		}

		accounts() {
			const { found } = this;
			const rows = found.accounts.map((each) => `<tr><td>${text(each.account)}</td><td class="text-right">${money(each.amount, each.currency)}</td></tr>`);
			return `<h5>${__("Held now")}: ${money(found.opening, found.currency)}</h5><table class="table table-sm small" style="max-width: 520px"><tbody>${rows.join("")}</tbody></table>`;
		}

		// How earlier forecasts turned out, where any were kept.
		before() {
			const kept = this.compared.filter((each) => Object.keys(each.expected).length);
			if (!kept.length) return `<p class="text-muted small">${__("No forecast was kept yet: switch that on under What the forecast counts, and it is compared with what happened.")}</p>`;
			const ahead = [1, 2, 4, 8, 13].filter((weeks) => kept.some((each) => weeks in each.expected));
			const off = (each, weeks) => (weeks in each.expected ? money(Number(each.held) - Number(each.expected[weeks]), this.found.base) : "");
			const rows = kept.map((each) => `<tr><td>${day(each.day)}</td><td class="text-right">${money(each.held, this.found.base)}</td>${ahead.map((weeks) => `<td class="text-right">${off(each, weeks)}</td>`).join("")}</tr>`);
			const heads = ahead.map((weeks) => `<th class="text-right">${__("{0} weeks ahead", [weeks])}</th>`);
			return `<h5>${__("How earlier forecasts turned out")}</h5><p class="text-muted small">${__("Held at the end of the week, and how much more that was than expected")}</p><table class="table table-sm small"><thead><tr><th></th><th class="text-right">${__("Held")}</th>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
		}

		pressed($button) {
			const act = $button.attr("data-act");
			if (act === "by") {
				this.by = $button.attr("data-by");
				return this.draw();
			}
			if (act === "currency") {
				this.asked.currency = $button.attr("data-currency");
				return this.load();
			}
			if (act === "as_expected") {
				Object.assign(this.asked, { later: 0, later_customer: "", lost: "", open_too: 0 });
				return this.load();
			}
			if (act === "beyond") return this.line_by_line({ beyond: 1 });
			return this.open(this.found[this.by][Number($button.attr("data-at"))]);
		}

		async open(part) {
			const found = await this.call("lines", { ...this.asked, first: part.first, last: part.last });
			if (!found || found.trouble) return undefined;
			const document_of = (each) => (each.doctype ? `<a href="/app/${frappe.router.slug(each.doctype)}/${encodeURIComponent(each.name)}">${text(each.name)}</a>` : text(`${each.name} (${each.book})`));
			const rows = found.rows.map((each) => `<tr><td class="text-nowrap">${day(each.expected)}</td><td>${text(KINDS[each.kind])}</td><td>${document_of(each)} <span class="text-muted">${text(each.part)}</span></td><td>${text(each.party)}</td><td class="text-right"${red(each.amount)}>${money(each.amount, this.found.currency)}</td><td class="text-muted">${text(each.why)}</td></tr>`);
			const more = found.more ? `<p class="text-muted small">${__("{0} lines more: see Line by line", [text(found.more)])}</p>` : "";
			const $opened = this.$body.find(".opened").html(`<h5>${day(part.first)} – ${day(part.last)}</h5><table class="table table-sm small"><tbody>${rows.join("")}</tbody></table>${more}`);
			return $opened[0].scrollIntoView({ block: "nearest" });
		}

		what_if() {
			const dialog = new frappe.ui.Dialog({
				title: __("What if"),
				fields: [
					{ fieldname: "later", fieldtype: "Int", label: __("Customers Pay So Many Days Later"), default: this.asked.later },
					{ fieldname: "later_customer", fieldtype: "Link", options: "Customer", label: __("Only This Customer"), default: this.asked.later_customer },
					{ fieldname: "lost", fieldtype: "Link", options: "Customer", label: __("This Customer Is Lost"), default: this.asked.lost },
					{ fieldname: "open_too", fieldtype: "Check", label: __("And Pays Nothing That Is Open"), default: this.asked.open_too },
				],
				primary_action_label: __("Show", null, "Xero"),
				primary_action: (values) => {
					dialog.hide();
					Object.assign(this.asked, { later: Math.max(0, values.later || 0), later_customer: values.later_customer || "", lost: values.lost || "", open_too: values.open_too ? 1 : 0 });
					return this.load();
				},
			});
			dialog.show();
		}

		line_by_line(more) {
			frappe.route_options = { company: this.company, ...this.asked, ...more };
			return frappe.set_route("query-report", "Xero Cash Forecast");
		}

		settings() {
			if (this.found && this.found.setting) return frappe.set_route("Form", "Xero Forecast Setting", this.found.setting);
			return frappe.new_doc("Xero Forecast Setting", { company: this.company });
		}
	}
})();

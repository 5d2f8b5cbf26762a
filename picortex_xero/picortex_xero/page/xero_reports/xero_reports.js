// Xero Reports: one tile for each report of Xero's, with its figures, as of when they are, whether something has changed since, and what is wrong. What was not read has no figure. Everything
// that comes from the server is text here, and is escaped.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.pages["xero-reports"].on_page_load = (wrapper) => (wrapper.xero_reports = picortex_xero.begin_page(wrapper, __("Xero Reports"), XeroReports));

	const REPORTS = "picortex_xero.api.reports.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));

	class XeroReports {
		constructor(page) {
			Object.assign(this, { page, tiles: [] });
			this.$body = $('<div class="xero-reports" style="padding: 15px"></div>').appendTo(page.body);
			this.$body.on("click", "[data-open]", (event) => {
				event.preventDefault();
				return this.open($(event.currentTarget).attr("data-open"));
			});
			page.set_primary_action(__("Refresh From Xero"), () => this.refresh());
			page.set_secondary_action(__("Refresh"), () => this.load());
			page.add_menu_item(__("ERPNext beside Xero"), () => this.open("ERPNext beside Xero"));
			page.add_menu_item(__("Readings that are kept"), () => frappe.set_route("List", "Xero Report Snapshot", { company: this.company }));
			page.add_menu_item(__("Xero Connection"), () => frappe.set_route("Form", "Xero Connection", this.connection));
		}

		open(report) {
			frappe.route_options = { company: this.company };
			return frappe.set_route("query-report", report);
		}

		call(method, args, type = "GET") {
			return frappe.call({ method: REPORTS + method, args, type }).then(({ message }) => message);
		}

		// The route names a company: /app/xero-reports/<company>.
		async show() {
			const [, named] = frappe.get_route();
			this.companies = (await this.call("companies", {})) || [];
			const known = this.companies.map((each) => each.company);
			if (!known.length) return this.$body.html(`<p class="text-muted">${__("No company is connected yet")}</p>`);
			if (!known.includes(named)) {
				const usual = frappe.defaults.get_user_default("Company");
				return frappe.set_route("xero-reports", known.includes(usual) ? usual : known[0]);
			}
			this.company = named;
			this.connection = this.companies.find((each) => each.company === named).name;
			this.page.set_title(`${__("Xero Reports")}: ${named}`);
			return this.load();
		}

		async load() {
			const { company } = this;
			if (!company) return undefined;
			const tiles = await this.call("tiles", { company });
			if (!tiles || company !== this.company) return undefined;
			this.tiles = tiles;
			return this.draw();
		}

		async refresh() {
			await this.call("refresh_all", { company: this.company }, "POST");
			frappe.show_alert({ message: __("The reports are being read from Xero; press Refresh in a moment"), indicator: "blue" });
		}

		draw() {
			const others = this.companies.length > 1 ? `<p>${this.companies.map((each) => this.chip(each.company)).join(" ")}</p>` : "";
			this.$body.html(`${others}<div class="row">${this.tiles.map((each) => this.tile(each)).join("")}</div>`);
			this.$body.find("[data-company]").on("click", (event) => frappe.set_route("xero-reports", $(event.currentTarget).attr("data-company")));
		}

		chip(company) {
			return `<button class="btn btn-xs ${company === this.company ? "btn-primary" : "btn-default"}" data-company="${text(company)}">${text(company)}</button>`;
		}

		tile(tile) {
			const figures = tile.figures.map(({ label, value }) => `<div class="d-flex justify-content-between"><span class="text-muted">${text(label)}</span><b>${value === null ? text(__("not known")) : text(format_currency(value, tile.currency))}</b></div>`);
			const shown = tile.empty ? `<div class="text-muted">${__("Xero has no figures for this")}</div>` : figures.join("");
			return `<div class="col-md-4" style="margin-bottom: 15px"><div class="frappe-card" style="padding: 15px; height: 100%">
				<div class="d-flex justify-content-between"><a href="#" data-open="${text(tile.report)}"><b>${text(tile.title)}</b></a><span class="text-muted small">${text(tile.about)}</span></div>
				<div style="margin: 8px 0">${shown}</div>${this.standing(tile)}</div></div>`;
		}

		standing(tile) {
			const when = tile.as_of ? __("As of {0}", [text(picortex_xero.in_user_time(tile.as_of))]) : __("Not read yet");
			const old = tile.out_of_date ? `<div><span class="indicator-pill orange">${__("Out of date")}</span> <span class="small">${__("something was sent, or Xero has told of a change, since then")}</span></div>` : "";
			const wrong = tile.why ? `<div class="small"><span class="indicator-pill red">${__("Not read now")}</span> ${text(tile.why)}. <span class="text-muted">${text(tile.cure)}</span></div>` : "";
			return `<div class="text-muted small">${when}</div>${old}${wrong}`;
		}
	}
})();

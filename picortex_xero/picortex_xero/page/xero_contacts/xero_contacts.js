// Match contacts: customers and suppliers left, the contact that is in Xero already right. Every text from outside is drawn as text.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.provide("picortex_xero");

	frappe.pages["xero-contacts"].on_page_load = (wrapper) => {
		wrapper.contacts = new picortex_xero.ContactsPage(wrapper);
	};
	frappe.pages["xero-contacts"].on_page_show = (wrapper) => wrapper.contacts.show();

	const API = "picortex_xero.api.contacts.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const FILTERS = {
		open: __("Without a link"),
		sure: __("Beyond doubt"),
		doubtful: __("To look at"),
		none: __("Not found in Xero"),
		linked: __("Linked"),
		all: __("All"),
	};
	const WAIT = 3000;
	// Machine times are UTC; the Desk wants them in the site's time and shows them in the user's.
	function user_time(at) {
		if (!at) return "";
		const zone = frappe.boot.time_zone && frappe.boot.time_zone.system;
		const read = moment.utc(at);
		return frappe.datetime.str_to_user((zone ? read.tz(zone) : read.local()).format(frappe.defaultDatetimeFormat));
	}

	picortex_xero.ContactsPage = class {
		constructor(wrapper) {
			this.page = frappe.ui.make_app_page({ parent: wrapper, title: __("Match contacts"), single_column: true });
			this.body = $('<div class="xero-contacts">').appendTo(this.page.main);
			this.body.on("click", "[data-do]", (event) => this[$(event.currentTarget).attr("data-do")]($(event.currentTarget)));
			this.body.on("change", "[data-set]", (event) => this.set($(event.currentTarget)));
			this.choice = { scope: "used", show: "open", party_type: "", search: "", start: 0 };
			// Links made on this page, press by press: each press can be undone.
			this.presses = [];
			this.fresh = picortex_xero.stay_fresh({
				screen: "contacts",
				shown: () => picortex_xero.in_sight(wrapper) && this.connection,
				connection: () => this.connection,
				read: () => this.load(),
			});
		}

		// The route says which connection: /app/xero-contacts/<connection>.
		async show() {
			const [, connection] = frappe.get_route();
			if (!connection) return this.choose_connection();
			if (this.connection !== connection) {
				this.choice = { scope: "used", show: "open", party_type: "", search: "", start: 0 };
				this.presses = [];
			}
			this.connection = connection;
			this.page.clear_inner_toolbar();
			this.page.add_inner_button(__("Xero Connection"), () => frappe.set_route("Form", "Xero Connection", this.connection));
			this.page.add_inner_button(__("Mapping"), () => frappe.set_route("xero-mapping", this.connection));
			// Rights to a DocType are known once its description is loaded; can_write would count who may only create.
			await frappe.model.with_doctype("Xero Connection");
			this.may_write = frappe.perm.has_perm("Xero Connection", 0, "write");
			await this.load();
		}

		async choose_connection() {
			const found = await frappe.db.get_list("Xero Connection", { fields: ["name", "company"], filters: { state: ["!=", "Retired"] }, limit: 50 });
			if (found.length === 1) return frappe.set_route("xero-contacts", found[0].name);
			const links = found.map((each) => `<li><a href="/app/xero-contacts/${encodeURIComponent(each.name)}">${text(each.company)}</a></li>`);
			this.body.html(links.length ? `<ul>${links.join("")}</ul>` : `<p class="text-muted">${__("No company is connected to Xero yet.")}</p>`);
		}

		async call(method, args, type = "POST") {
			const { message } = await frappe.call({ method: API + method, args: { connection: this.connection, ...args }, type, freeze: type === "POST" });
			return message;
		}

		async load() {
			this.fresh();
			const asked = (this.asked = JSON.stringify([this.connection, this.choice, Date.now()]));
			const [state, data] = await Promise.all([this.call("state", {}, "GET"), this.call("rows", this.choice, "GET")]);
			if (asked !== this.asked || !data) return;
			Object.assign(this, { state, data });
			this.draw();
			// Whoever comes here to link wants to see who is there: it changes nothing in Xero. Once for each visit, whatever becomes of it.
			if (this.may_write && !state.state && this.begun !== this.connection) {
				this.begun = this.connection;
				return this.read();
			}
			picortex_xero.next_step(this.page, this.connection, "contacts", state.state === "Done" && !data.counts.sure);
			if (state.state === "Reading") this.wait();
		}

		// While the contacts are being read in the background: how far that is; then everything anew.
		wait() {
			const connection = this.connection;
			clearTimeout(this.timer);
			this.timer = setTimeout(async () => {
				if (connection !== this.connection || frappe.get_route()[0] !== "xero-contacts") return;
				this.state = await this.call("state", {}, "GET");
				if (this.state.state === "Reading") {
					this.body.find(".xc-reading").text(this.progress());
					this.wait();
				} else await this.load();
			}, WAIT);
		}

		// Drawing

		draw() {
			const { rows, total, page } = this.data;
			const { start } = this.choice;
			const from = total ? start + 1 : 0;
			const more = [
				start > 0 ? `<button class="btn btn-default btn-sm" data-do="back">${__("Back")}</button>` : "",
				start + page < total ? `<button class="btn btn-default btn-sm" data-do="further">${__("Further")}</button>` : "",
			].join("");
			const shown = __("{0} to {1} of {2}", [from, Math.min(start + page, total), total]);
			this.body.html(
				`${this.whose()}${this.reading()}${this.state.known ? this.tools() : ""}${
					rows.length ? this.table(rows) : `<p class="text-muted">${this.state.known ? __("Nobody is left here.") : ""}</p>`
				}${rows.length ? `<div class="xc-bar"><span class="text-muted">${text(shown)}</span>${more}</div>` : ""}`
			);
		}

		// Who links, for whoever may not.
		whose() {
			return this.state.whom_to_ask ? `<p class="text-muted">${text(this.state.whom_to_ask)}</p>` : "";
		}

		progress() {
			const { state, known, total, why, finished_at } = this.state;
			if (state === "Reading") return __("Contacts are being read from Xero: {0} so far", [total ? __("{0} of {1}", [known, total]) : known]);
			if (state === "Stopped") return __("Reading stopped: {0}", [why]);
			if (state !== "Done") return __("Xero's contacts have not been read yet. Reading them changes nothing in Xero.");
			const read_at = user_time(finished_at);
			return known === 1 ? __("One contact of Xero, read on {0}", [read_at]) : __("{0} contacts of Xero, read on {1}", [known, read_at]);
		}

		reading() {
			const { state } = this.state;
			const colour = { Reading: "blue", Stopped: "red", Done: "green" }[state] || "orange";
			const label = state === "Done" ? __("Read contacts again") : __("Read contacts");
			const button =
				this.may_write && state !== "Reading"
					? `<button class="btn btn-sm ${state === "Done" ? "btn-default" : "btn-primary"}" data-do="read">${label}</button>`
					: "";
			return `<div class="xc-bar"><span class="indicator ${colour} xc-reading">${text(this.progress())}</span>${button}</div>`;
		}

		tools() {
			const { counts } = this.data;
			const count = { ...counts, open: counts.sure + counts.doubtful + counts.none, all: counts.sure + counts.doubtful + counts.none + counts.linked };
			const options = (all, chosen) =>
				Object.entries(all).map(([value, label]) => `<option value="${value}" ${value === chosen ? "selected" : ""}>${text(label)}</option>`).join("");
			const filters = Object.entries(FILTERS).map(
				([name, label]) =>
					`<button class="btn btn-default btn-sm ${name === this.choice.show ? "active btn-primary-light" : ""}" data-do="filter" data-filter="${name}">${text(label)} ${count[name]}</button>`
			);
			const all =
				this.may_write && counts.sure
					? `<button class="btn btn-primary btn-sm" data-do="link_all">${text(counts.sure === 1 ? __("Link the one that is beyond doubt") : __("Link all {0} that are beyond doubt", [counts.sure]))}</button>`
					: "";
			const undo =
				this.may_write && this.presses.length
					? `<button class="btn btn-default btn-sm" data-do="undo">${text(this.undo_label())}</button>`
					: "";
			return (
				`<div class="xc-bar">${filters.join("")}</div>` +
				`<div class="xc-bar"><select class="form-control input-sm" data-set="scope">${options(
					{ used: __("With documents of the last year"), all: __("Everyone") },
					this.choice.scope
				)}</select><select class="form-control input-sm" data-set="party_type">${options(
					{ "": __("Customers and suppliers"), Customer: __("Customers"), Supplier: __("Suppliers") },
					this.choice.party_type
				)}</select><input class="form-control input-sm xc-search" data-set="search" placeholder="${__("Search by name")}" value="${text(
					this.choice.search
				)}">${all}${undo}</div>`
			);
		}

		// The last press first; the presses before it stay, and come after it.
		undo_label() {
			const links = this.presses[this.presses.length - 1];
			return links.length === 1 ? __("Undo the link of {0}", [links[0][1]]) : __("Undo {0} links", [links.length]);
		}

		table(rows) {
			const heads = [__("Customer or supplier"), __("Documents"), __("Contact in Xero")];
			return (
				`<table class="table table-bordered"><thead><tr>${heads.map((head) => `<th>${text(head)}</th>`).join("")}</tr></thead>` +
				`<tbody>${rows.map((row, at) => this.row(row, at)).join("")}</tbody></table>`
			);
		}

		row(row, at) {
			const facts = [__(row.doctype), row.party !== row.title ? row.party : "", row.tax_number, row.email].filter(Boolean).join(" · ");
			const address = `/app/${row.doctype.toLowerCase()}/${encodeURIComponent(row.party)}`;
			const right = row.linked ? this.linked(row, at) : this.matches(row, at);
			return `<tr data-row="${at}"><td class="xc-facts"><a href="${address}">${text(row.title)}</a><div class="text-muted small">${text(facts)}</div></td><td>${
				row.documents
			}</td><td class="xc-facts">${right}</td></tr>`;
		}

		contact(each) {
			const facts = [each.tax_number, each.email].filter(Boolean).join(" · ");
			return `<b>${text(each.name)}</b><div class="text-muted small">${text(facts)}</div>`;
		}

		linked(row, at) {
			const { linked } = row;
			const how = linked.made_here ? __("Made by this app") : __("Linked to the one already in Xero");
			const who = linked.by ? __("{0} by {1}", [how, linked.by]) : how;
			const archived = linked.status && linked.status !== "ACTIVE" ? `<div class="text-danger small">${text(__("Archived in Xero"))}</div>` : "";
			const undo =
				this.may_write && !linked.made_here
					? `<button class="btn btn-default btn-xs" data-do="unlink" data-at="${at}">${__("Undo the link")}</button>`
					: "";
			return `<div class="xc-match"><div>${this.contact(linked)}<div class="small">${text(who)}</div>${archived}</div><div class="xc-do">${undo}</div></div>`;
		}

		matches(row, at) {
			const shown = row.matches.map((each, number) => {
				const { score } = each;
				const said = each.sure ? __("Beyond doubt") : __("{0} of 100", [score]);
				const colour = each.sure ? "green" : score >= 60 ? "orange" : "gray";
				const against = each.against ? `<div class="text-danger small">${text(each.against)}</div>` : "";
				const button = this.may_write
					? `<button class="btn btn-default btn-xs" data-do="link" data-at="${at}" data-number="${number}">${__("Link")}</button>`
					: "";
				return `<div class="xc-match"><div>${this.contact(each)}<div class="small"><span class="indicator-pill no-margin ${colour}">${text(
					said
				)}</span> ${text(each.because)}</div>${against}</div><div class="xc-do">${button}</div></div>`;
			});
			// Before anything was read nothing can be said of what is not there.
			const none = shown.length || !this.state.known ? "" : `<span class="text-muted">${text(__("Not found: a contact is made when the first document goes"))}</span>`;
			const another = shown.length
				? `<button class="btn btn-default btn-xs" data-do="choose" data-at="${at}">${__("Choose another")}</button>`
				: `<button class="btn btn-default btn-xs" data-do="choose" data-at="${at}">${__("Choose a contact")}</button>`;
			const other = this.may_write ? another : "";
			return `${shown.join("")}<div class="xc-match">${none}<div class="xc-do">${other}</div></div>`;
		}

		// What is pressed

		async read() {
			await this.call("read", {});
			await this.load();
		}

		async filter(button) {
			Object.assign(this.choice, { show: button.attr("data-filter"), start: 0 });
			await this.load();
		}

		async set(field) {
			Object.assign(this.choice, { [field.attr("data-set")]: field.val(), start: 0 });
			await this.load();
		}

		async further() {
			this.choice.start += this.data.page;
			await this.load();
		}

		async back() {
			this.choice.start = Math.max(0, this.choice.start - this.data.page);
			await this.load();
		}

		async link(button) {
			const row = this.data.rows[button.attr("data-at")];
			await this.link_to(row, row.matches[button.attr("data-number")].xero_id);
		}

		async link_to(row, xero_id) {
			await this.call("link", { doctype: row.doctype, name: row.party, xero_id });
			this.presses.push([[row.doctype, row.party]]);
			await this.load();
		}

		async link_all() {
			const { linked, refused, left } = await this.call("link_all", { scope: this.choice.scope });
			if (linked.length) this.presses.push(linked);
			const done = linked.length === 1 ? __("One was linked to the one already in Xero") : __("{0} were linked to the ones already in Xero", [linked.length]);
			const further = [...refused, left ? __("Press again for {0} more", [left]) : ""].filter(Boolean);
			// What asks for no answer covers nothing.
			if (further.length) frappe.msgprint([done, ...further].map(text).join("<br>"));
			else frappe.show_alert({ message: text(done), indicator: "green" }, 8);
			await this.load();
		}

		async undo() {
			await this.unlinked(this.presses[this.presses.length - 1]);
		}

		async unlink(button) {
			const row = this.data.rows[button.attr("data-at")];
			await this.unlinked([[row.doctype, row.party]]);
		}

		// What is unlinked is said, and is no link any more that a press before could undo.
		async unlinked(parties) {
			const gone = new Set(parties.map((each) => JSON.stringify(each)));
			this.presses = this.presses.map((links) => links.filter((each) => !gone.has(JSON.stringify(each)))).filter((links) => links.length);
			await this.call("unlink", { parties });
			frappe.show_alert({ message: parties.length === 1 ? __("The link was undone") : __("{0} links were undone", [parties.length]), indicator: "green" });
			await this.load();
		}

		// Any contact of Xero, found by its name, address or tax number.
		choose(button) {
			const row = this.data.rows[button.attr("data-at")];
			const dialog = new frappe.ui.Dialog({
				title: __("Contact of {0} in Xero", [text(row.title)]),
				fields: [
					{ fieldname: "words", fieldtype: "Data", label: __("Name, e-mail address or tax number") },
					{ fieldname: "found", fieldtype: "HTML" },
				],
			});
			const found = dialog.get_field("found").$wrapper;
			const look = frappe.utils.debounce(async () => {
				const words = dialog.get_value("words") || "";
				const contacts = words.length > 1 ? await this.call("search", { text: words }, "GET") : [];
				const rows = contacts.map(
					(each) =>
						`<div class="xc-match"><div>${this.contact(each)}</div><button class="btn btn-default btn-xs" data-id="${text(each.xero_id)}">${__("Link")}</button></div>`
				);
				found.html(rows.length ? rows.join("") : `<p class="text-muted">${words.length > 1 ? __("No active contact of Xero has this.") : ""}</p>`);
			}, 300);
			dialog.get_field("words").$input.on("input", look);
			found.on("click", "[data-id]", async (event) => {
				dialog.hide();
				await this.link_to(row, $(event.currentTarget).attr("data-id"));
			});
			dialog.show();
		}
	};
})();

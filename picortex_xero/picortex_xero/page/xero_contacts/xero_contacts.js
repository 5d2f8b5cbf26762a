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
			this.body.on("change", ".xc-check", (event) => this.tick($(event.currentTarget)));
			// Who is ticked, by the key of the row.
			this.selected = new Set();
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
				this.selected.clear();
			}
			this.connection = connection;
			this.page.clear_inner_toolbar();
			this.page.add_inner_button(__("Xero Connection"), () => frappe.set_route("Form", "Xero Connection", this.connection));
			this.page.add_inner_button(__("Mapping"), () => frappe.set_route("xero-mapping", this.connection));
			// Rights to a DocType are known once its description is loaded; can_write would count who may only create.
			await frappe.model.with_doctype("Xero Connection");
			this.may_write = frappe.perm.has_perm("Xero Connection", 0, "write");
			await this.load();
			this.draw_menu();
		}

		draw_menu() {
			this.page.clear_menu();
			const download = (form) => {
				const { scope, show, party_type, search } = this.choice;
				window.open(`/api/method/${API}export?${$.param({ connection: this.connection, form, scope, show, party_type, search })}`);
			};
			this.page.add_menu_item(__("Export as .xlsx"), () => download("xlsx"));
			this.page.add_menu_item(__("Export as .csv"), () => download("csv"));
			if (this.may_write) this.page.add_menu_item(__("Import a spreadsheet"), () => this.import_sheet());
			this.page.add_menu_item(__("All changes"), () => frappe.set_route("List", "Xero Mapping Change", { connection: this.connection, kind: "contacts" }));
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
			this.rows = new Map(data.rows.map((row) => [key_of(row), row]));
			this.selected = new Set([...this.selected].filter((key) => this.rows.has(key)));
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
			this.draw_selection();
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
				this.may_write && this.state.presses.length
					? `<button class="btn btn-default btn-sm" data-do="undo_list">${__("Undo")}</button>`
					: "";
			return (
				`<div class="xc-bar">${filters.join("")}</div>` +
				`<div class="xc-bar"><select class="form-control input-sm" style="appearance: auto" data-set="scope">${options(
					{ used: __("With documents of the last year"), all: __("Everyone") },
					this.choice.scope
				)}</select><select class="form-control input-sm" style="appearance: auto" data-set="party_type">${options(
					{ "": __("Customers and suppliers"), Customer: __("Customers"), Supplier: __("Suppliers") },
					this.choice.party_type
				)}</select><input class="form-control input-sm xc-search" data-set="search" placeholder="${__("Search by name")}" value="${text(
					this.choice.search
				)}">${all}${undo}</div><div class="xc-bar xc-selection"></div>`
			);
		}

		// What can be done with those that are ticked, together.
		draw_selection() {
			const bar = this.body.find(".xc-selection").empty();
			const rows = this.ticked();
			if (!rows.length) return;
			const [proposed, undoable] = [rows.filter(proposal), rows.filter(can_be_undone)];
			bar.append($("<b>").text(__("{0} selected", [rows.length])));
			if (proposed.length) {
				bar.append(`<button class="btn btn-primary btn-sm" data-do="link_ticked">${text(__("Link with what is proposed ({0})", [proposed.length]))}</button>`);
				bar.append(`<button class="btn btn-default btn-sm" data-do="turn_down_ticked">${text(__("Not this one ({0})", [proposed.length]))}</button>`);
			}
			if (undoable.length) bar.append(`<button class="btn btn-default btn-sm" data-do="unlink_ticked">${text(__("Undo their links ({0})", [undoable.length]))}</button>`);
		}

		tick(box) {
			const key = key_of(this.data.rows[box.attr("data-at")]);
			this.selected[box.prop("checked") ? "add" : "delete"](key);
			this.draw_selection();
		}

		tick_all(box) {
			const all = box.prop("checked");
			this.selected = new Set(all ? this.rows.keys() : []);
			this.body.find(".xc-check").prop("checked", all);
			this.draw_selection();
		}

		ticked() {
			return [...this.selected].map((key) => this.rows.get(key)).filter(Boolean);
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
			await this.load();
		}

		async link_all() {
			const { linked, refused, left } = await this.call("link_all", { scope: this.choice.scope });
			const done = linked.length === 1 ? __("One was linked to the one already in Xero") : __("{0} were linked to the ones already in Xero", [linked.length]);
			const further = [...refused, left ? __("Press again for {0} more", [left]) : ""].filter(Boolean);
			// What asks for no answer covers nothing.
			if (further.length) frappe.msgprint([done, ...further].map(text).join("<br>"));
			else frappe.show_alert({ message: text(done), indicator: "green" }, 8);
			await this.load();
		}

		async unlink(button) {
			const row = this.data.rows[button.attr("data-at")];
			await this.call("unlink", { parties: [[row.doctype, row.party]] });
			frappe.show_alert({ message: __("The link was undone"), indicator: "green" });
			await this.load();
		}

		turn_down(button) {
			const row = this.data.rows[button.attr("data-at")];
			return this.press("turn_down", { pairs: [[row.doctype, row.party, row.matches[button.attr("data-number")].xero_id]] }, said_of_turned_down);
		}

		// With the first that is proposed for each.
		link_ticked() {
			const said = (count) => (count === 1 ? __("One was linked to the one already in Xero") : __("{0} were linked to the ones already in Xero", [count]));
			const rows = this.ticked().filter(proposal);
			const link = () => this.press("link_many", { pairs: rows.map(pair_of) }, said);
			const unsure = rows.filter((row) => !row.matches[0].sure);
			if (!unsure.length) return link();
			// What is not beyond doubt is named, and linked when the person says so.
			const lines = unsure.map((row) => `<tr><td>${text(row.title)}</td><td>${text(row.matches[0].name)}</td><td>${text(row.matches[0].against)}</td></tr>`);
			const asked = unsure.length === 1 ? __("One of these is not beyond doubt. Link it, too?") : __("{0} of these are not beyond doubt. Link them, too?", [unsure.length]);
			frappe.confirm(`<p>${text(asked)}</p><table class="table table-bordered">${lines.join("")}</table>`, link);
		}

		turn_down_ticked() {
			return this.press("turn_down", { pairs: this.ticked().filter(proposal).map(pair_of) }, said_of_turned_down);
		}

		unlink_ticked() {
			const said = (count) => (count === 1 ? __("The link was undone") : __("{0} links were undone", [count]));
			return this.press("unlink_many", { parties: this.ticked().filter(can_be_undone).map((row) => [row.doctype, row.party]) }, said);
		}

		undo(batch) {
			return this.press("undo", { batch }, (count) => (count === 1 ? __("One is as it was before") : __("{0} are as they were before", [count])));
		}

		// One press about many: what was refused is said one by one, the rest is done.
		async press(method, args, said) {
			const message = await this.call(method, args);
			this.selected.clear();
			await this.load();
			if (!message) return;
			if (message.done) frappe.show_alert({ message: text(said(message.done)), indicator: "green" }, 8);
			if (message.refused.length) {
				const rows = message.refused.map((each) => `<tr><td>${text(each.label)}</td><td>${text(each.message)}</td></tr>`);
				frappe.msgprint({ title: __("Not done"), indicator: "orange", message: `<table class="table table-bordered">${rows.join("")}</table>` });
			}
		}

		// The presses that may be undone, also those of yesterday and of others.
		undo_list() {
			const what = { linked: __("linked"), unlinked: __("link undone"), "turned down": __("turned down") };
			const rows = this.state.presses.map((press) => {
				const more = press.rows > 1 ? __(" and {0} more", [press.rows - 1]) : "";
				return (
					`<tr><td>${text(user_time(press.at))}</td><td>${text(press.by)}</td><td>${text(`${press.subject}${more}: ${what[press.what]}`)}</td>` +
					`<td><button class="btn btn-default btn-xs" data-batch="${text(press.batch)}">${__("Undo")}</button></td></tr>`
				);
			});
			const dialog = new frappe.ui.Dialog({ title: __("Undo"), size: "large", fields: [{ fieldname: "presses", fieldtype: "HTML" }] });
			dialog.fields_dict.presses.$wrapper.html(`<table class="table table-bordered">${rows.join("")}</table>`).on("click", "[data-batch]", (event) => {
				dialog.hide();
				this.undo($(event.currentTarget).attr("data-batch"));
			});
			dialog.show();
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

	const key_of = (row) => JSON.stringify([row.doctype, row.party]);
	const proposal = (row) => !row.linked && row.matches.length > 0;
	const can_be_undone = (row) => row.linked && !row.linked.made_here;
	const pair_of = (row) => [row.doctype, row.party, row.matches[0].xero_id];
	const said_of_turned_down = (count) => (count === 1 ? __("One contact is not proposed there any more") : __("{0} contacts are not proposed there any more", [count]));

	// What the other files of this page draw and say with, too.
	picortex_xero.contacts_shown = { text, key_of };
})();

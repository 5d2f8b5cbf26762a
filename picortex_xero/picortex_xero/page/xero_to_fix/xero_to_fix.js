// To Fix: what keeps documents from Xero, one row per cause, with the cure as a button. Opening a row shows its documents and, on request, what Xero
// said, word for word. Everything that comes from the server is text here, and is escaped.

// The Desk runs the files of all pages in one scope: what this one names is its own.
(() => {
	frappe.provide("picortex_xero");

	frappe.pages["xero-to-fix"].on_page_load = (wrapper) => {
		const page = frappe.ui.make_app_page({ parent: wrapper, title: __("To Fix"), single_column: true });
		wrapper.to_fix = new picortex_xero.ToFixPage(page);
	};

	frappe.pages["xero-to-fix"].on_page_show = (wrapper) => {
		if (wrapper.to_fix) wrapper.to_fix.show();
	};

	const TO_FIX = "picortex_xero.api.to_fix.";
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const lines = (value) => text(value).replace(/\n/g, "<br>");

	picortex_xero.ToFixPage = class {
		constructor(page) {
			this.page = page;
			this.start = 0;
			this.$body = $('<div class="xero-to-fix"></div>').appendTo(page.body);
			this.page.set_secondary_action(__("Refresh"), () => this.load());
			// Steps whose documents are decided about together; they stay selected while the page is read anew.
			this.chosen = new Set();
			this.$body.on("change", ".xero-choose", (event) => this.choose($(event.currentTarget)));
			this.$body.on("click", "[data-act]", (event) => this.pressed($(event.currentTarget)));
			this.fresh = picortex_xero.stay_fresh({
				screen: "to-fix",
				shown: () => picortex_xero.in_sight(page.wrapper),
				connection: () => this.connection,
				read: () => this.load(),
			});
		}



		// The route may name a connection: /app/xero-to-fix/<connection>. A card of the home page shows what is done by hand alone. The Desk hands options
		// that nobody has read to the next list.
		show() {
			const [, connection] = frappe.get_route();
			const by_hand = (frappe.route_options || {}).xero_by_hand ? 1 : 0;
			frappe.route_options = null;
			if (this.connection !== (connection || "") || this.by_hand !== by_hand) this.start = 0;
			this.by_hand = by_hand;
			this.connection = connection || "";
			return this.load();
		}



		async load() {
			const asked = { connection: this.connection, start: this.start, by_hand: this.by_hand };
			this.fresh();
			const { message } = await frappe.call({ method: TO_FIX + "causes", args: asked, type: "GET" });
			if (!message || asked.connection !== this.connection || asked.start !== this.start || asked.by_hand !== this.by_hand) return;
			const same = (row) => [row.connection, row.kind, row.key, row.code].join("\n");
			const open = new Set(((this.found && this.found.rows) || []).filter((row) => row.shown).map(same));
			this.found = message;
			this.draw();
			// What was open stays open, with its documents as they are now.
			for (const row of message.rows.filter((each) => open.has(same(each)))) this.open(row);
		}



		draw() {
			const { rows, total, documents, connections } = this.found;
			const up = connections.filter((each) => each.reason);
			const banners = up.map(
				(each) => `<div class="alert alert-warning"><b>${text(each.company)}</b>: ${lines(each.reason)}${each.cure ? `<br><i>${lines(each.cure)}</i>` : ""}</div>`
			);
			if (this.by_hand) banners.push(`<p>${__("Only what is done in Xero by hand.")} <a href="#" data-act="show-all" style="text-decoration: underline">${__("Show everything to fix")}</a></p>`);
			const told = connections.length ? this.told(connections) : "";
			if (!rows.length) {
				this.$body.html(`${banners.join("")}<div class="text-muted text-center" style="padding: 60px 0">${__("Nothing waits for a person")}</div>${told}`);
				return;
			}
			const head = documents === 1 ? __("One document waits for a person") : total === 1 ? __("{0} documents wait for a person, for one reason", [documents]) : __("{0} documents wait for a person, for {1} reasons", [documents, total]);
			const heads = [__("What Is To Be Done"), __("Documents"), __("Amount"), __("Since"), ""].map((each, at) => `<th${[1, 2].includes(at) ? ' class="text-right"' : ""}>${each}</th>`);
			this.$body.html(
				`${banners.join("")}<p class="text-muted">${text(head)}</p>
				<table class="table xero-causes"><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.map((row, at) => this.row(row, at, connections.length > 1)).join("")}</tbody></table>
				${this.pages(total)}${told}`
			);
		}



		async call(method, args, root = TO_FIX) {
			const { message } = await frappe.call({ method: root + method, args, freeze: true });
			return message;
		}



		pressed($button) {
			const act = $button.attr("data-act");
			const row = this.found && this.found.rows[$button.closest("tr[data-at]").attr("data-at")];
			const step = (row && row.shown && row.shown[$button.closest("[data-step]").attr("data-step")]) || null;
			const acts = {
				"show-all": () => this.show(),
				back: () => this.turn(-1),
				next: () => this.turn(1),
				cure: () => this.cure(row),
				refresh: () => this.refresh(row),
				say: () => say(row.title, row.cure || row.reason),
				"open-cause": () => this.open(row),
				"more-documents": () => this.documents(row),
				"release-all": () => this.release_all(row),
				"retry-all": () => this.retry_all(row),
				"skip-all": () => this.skip_together(row.documents, (reason) => this.all_of_cause(row, "skip", reason)),
				"done-all": () => this.done_together(row.documents, () => this.all_of_cause(row, "done")),
				"skip-chosen": () => this.skip_together(this.chosen_of(row).length, (reason) => this.together(row, "skip", reason)),
				"done-chosen": () => this.done_together(this.chosen_of(row).length, () => this.together(row, "done")),
				"release-chosen": () => this.release_together(row),
				"late-all": () => this.late_together(row.documents, row.kind === "coded", () => this.all_of_cause(row, "late")),
				"late-chosen": () => this.late_together(this.chosen_of(row).filter((each) => each.can_send_late).length, row.kind === "coded", () => this.together(row, "late")),
				"late-one": () => this.late_together(1, step.can_send_late === "bank", () => this.done("send_late", { doctype: step.doctype, name: step.name })),
				assign: () => this.assign(row.connection, row.step),
				comment: () => this.comment(row.step),
				"release-one": () => this.done("release", { doctype: step.doctype, name: step.name }),
				"retry-one": () => this.done("retry_step", { name: step.step }, "picortex_xero.api.status."),
				"done-one": () => this.done_by_hand(step),
				"skip-one": () => this.skip(step),
				"said-one": () => this.said_by_xero(step),
				"assign-one": () => this.assign(row.connection, step.step),
				"comment-one": () => this.comment(step.step),
			};
			if (!acts[act]) return true;
			$button.closest(".dropdown").find(".show").addBack().removeClass("show");
			acts[act]();
			return false;
		}



		turn(direction) {
			this.start = Math.max(0, this.start + direction * this.found.page);
			return this.load();
		}



		// Where the cure is made, with what is to be shown there.
		cure(row) {
			const { act, route, options } = row.button;
			if (act === "refresh") return this.refresh(row);
			frappe.route_options = Object.keys(options).length ? options : null;
			return frappe.set_route(...route);
		}



		// Something was put right in Xero: its lists are read anew, and what waits for it is decided by them.
		async refresh(row) {
			await frappe.call({ method: "picortex_xero.api.connect.refresh", args: { connection: row.connection }, freeze: true });
			frappe.show_alert({ message: __("Read from Xero. What waits for it is tried again within a minute"), indicator: "blue" });
			return this.load();
		}



		// What came after the page was read was not seen: it waits.
		async release_all(row) {
			const { as_of } = this.found;
			const question = __("Let all money go to Xero that waits: {0} documents, {1}?", [row.documents, text(format_currency(row.amount, row.currency))]);
			frappe.confirm(question, async () => {
				const done = await this.call("release_all", { connection: row.connection, as_of });
				said_how_many(done);
				this.load();
			});
		}



		async retry_all(row) {
			const args = { connection: row.connection, kind: row.kind, cause_key: row.key, code: row.code };
			said_how_many(await this.call("retry_cause", args, "picortex_xero.api.status."));
			this.load();
		}



		async done(method, args, root = TO_FIX) {
			const count = await this.call(method, args, root);
			frappe.show_alert(count ? { message: __("Done"), indicator: "green" } : { message: __("It has moved on meanwhile"), indicator: "orange" });
			this.load();
		}



		done_by_hand(step) {
			const question = __("Was what {0} waits for done in Xero by hand? The app then does nothing more about it.", [text(step.name)]);
			frappe.confirm(question, () => this.done("done_by_hand", { doctype: step.doctype, name: step.name }, "picortex_xero.api.status."));
		}



		skip(step) {
			const field = { fieldname: "reason", fieldtype: "Small Text", label: __("Why does {0} not go to Xero?", [step.name]), reqd: 1 };
			frappe.prompt(field, ({ reason }) => this.done("skip", { doctype: step.doctype, name: step.name, reason }), __("Skip"), __("Do Not Send It"));
		}



		async assign(connection, step) {
			const { message: people } = await frappe.call({ method: TO_FIX + "may_be_assigned", args: { connection }, type: "GET" });
			const options = (people || []).map((each) => ({ value: each.user, label: each.name }));
			const fields = [
				{ fieldname: "user", fieldtype: "Select", label: __("Assign To"), options, reqd: 1 },
				{ fieldname: "note", fieldtype: "Small Text", label: __("Note") },
			];
			frappe.prompt(fields, ({ user, note }) => this.done("assign", { name: step, user, note: note || "" }), __("Assign"), __("Assign"));
		}



		comment(step) {
			const field = { fieldname: "said", fieldtype: "Small Text", label: __("Comment"), reqd: 1 };
			frappe.prompt(
				field,
				async ({ said }) => {
					await this.call("comment", { name: step, said });
					this.load();
				},
				__("Comment"),
				__("Comment")
			);
		}



		open(row) {
			if (row.shown) {
				row.shown = null;
				return this.place(row).addClass("hide");
			}
			row.shown = [];
			return this.documents(row);
		}



		// Where the documents of a cause are shown: the line below it.
		place(row) {
			return this.$body.find(`tr.xero-cause-documents[data-at="${this.found.rows.indexOf(row)}"]`);
		}
	};

	// A button whose words come with the cause.
	function drawn(says, act, style) {
		return `<button class="btn btn-xs ${style}" data-act="${act}">${text(says)}</button>`;
	}

	// What is pressed most as a button, the rest in a menu beside it.
	function one_and_menu([first, ...rest]) {
		if (!first) return "";
		const items = rest.map((each) => `<a class="dropdown-item" href="#" data-act="${each.act}">${text(each.says)}</a>`);
		const menu = rest.length
			? `<button class="btn btn-xs btn-default text-nowrap" style="flex-shrink: 0" data-toggle="dropdown" aria-haspopup="true">${text(__("More"))} &#9662;</button><div class="dropdown-menu dropdown-menu-right">${items.join("")}</div>`
			: "";
		return `<div class="dropdown" style="display: inline-flex; align-items: flex-start; gap: 4px">${drawn(first.says, first.act, first.style)}${menu}</div>`;
	}

	function say(title, message) {
		frappe.msgprint({ title: text(title), message: lines(message) });
	}

	function may_be_chosen(each) {
		return each.can_skip || each.can_say_done || each.can_release || each.can_send_late;
	}

	function said_how_many({ released, waiting }) {
		const said = waiting ? __("{0} go, {1} wait still: press it once more", [released, waiting]) : __("{0} go", [released]);
		frappe.show_alert({ message: said, indicator: released ? "green" : "orange" });
	}

	// Machine times are UTC; the Desk wants them in the site's time and shows them in the user's.
	function in_system_time(utc) {
		if (!utc) return "";
		const zone = frappe.boot.time_zone && frappe.boot.time_zone.system;
		const read = moment.utc(utc);
		return frappe.datetime.str_to_user((zone ? read.tz(zone) : read.local()).format(frappe.defaultDatetimeFormat));
	}

	// What the other files of this page draw and say with, too.
	picortex_xero.to_fix_shown = { text, lines, drawn, one_and_menu, say, may_be_chosen, in_system_time };
})();

// Documents of the page To Fix that are decided about together: those that are ticked, or all of one cause. Read after the page's own file.

(() => {
	const { text, drawn, say, may_be_chosen } = picortex_xero.to_fix_shown;

	Object.assign(picortex_xero.ToFixPage.prototype, {
		// Several together: each is decided as by its own button.
		chosen_of(row) {
			return (row.shown || []).filter((each) => this.chosen.has(each.step));
		},

		choose($box) {
			const row = this.found.rows[$box.closest("tr[data-at]").attr("data-at")];
			const at = $box.closest("[data-step]").attr("data-step");
			const on = $box.prop("checked");
			for (const each of at === undefined ? row.shown.filter(may_be_chosen) : [row.shown[at]]) this.chosen[on ? "add" : "delete"](each.step);
			if (at === undefined) this.place(row).find(".xero-choose").prop("checked", on);
			this.draw_chosen(row);
		},

		draw_chosen(row) {
			const chosen = this.chosen_of(row);
			const found = [];
			const add_button = (says, name, style) => found.push(drawn(says, name, style || "btn-default"));
			if (chosen.some((each) => each.can_release)) add_button(__("Release Selected"), "release-chosen", "btn-primary");
			if (chosen.some((each) => each.can_send_late)) add_button(__("Send Selected All the Same"), "late-chosen", "btn-primary");
			if (chosen.some((each) => each.can_skip)) add_button(__("Skip Selected"), "skip-chosen");
			if (chosen.some((each) => each.can_say_done)) add_button(__("Selected Done by Hand"), "done-chosen");
			const bar = chosen.length ? `<b>${text(__("{0} selected", [chosen.length]))}</b> ${found.join(" ")}` : "";
			this.place(row).find(".xero-chosen").html(bar);
		},

		skip_together(count, then) {
			const label = count === 1 ? __("Why does this document not go to Xero?") : __("Why do these {0} documents not go to Xero?", [count]);
			frappe.prompt({ fieldname: "reason", fieldtype: "Small Text", label, reqd: 1 }, ({ reason }) => then(reason), __("Skip"), __("Do Not Send Them"));
		},

		done_together(count, then) {
			const question = count === 1 ? __("Was what this document waits for done in Xero by hand? The app then does nothing more about it.") : __("Was what these {0} documents wait for done in Xero by hand? The app then does nothing more about them.", [count]);
			frappe.confirm(question, then);
		},

		late_together(count, coded, then) {
			if (coded) {
				const asked = count === 1 ? __("Send this document to Xero?") : __("Send these {0} documents to Xero?", [count]);
				frappe.confirm(`${asked}<br><br>${__("What Xero has is something else, or was removed there.")}`, then);
				return;
			}
			const question = count === 1 ? __("Send this document to Xero although its period is closed?") : __("Send these {0} documents to Xero although their period is closed?", [count]);
			const told = __("Where tax is filed for that period, Xero puts the tax into a later return as a late claim. Who sent it is kept.");
			frappe.confirm(`${question}<br><br>${told}`, then);
		},

		release_together(row) {
			const count = this.chosen_of(row).filter((each) => each.can_release).length;
			frappe.confirm(__("Let the money of the selected documents go to Xero: {0}?", [count]), () => this.together(row, "release"));
		},

		// What of the selected cannot be decided so is not asked for.
		async together(row, what, reason = "") {
			const may = { skip: "can_skip", done: "can_say_done", release: "can_release", late: "can_send_late" }[what];
			const chosen = this.chosen_of(row).filter((each) => each[may]);
			const documents = JSON.stringify(chosen.map((each) => [each.doctype, each.name]));
			this.said_together(await this.call("together", { decision: what, documents, reason }));
			for (const each of chosen) this.chosen.delete(each.step);
			return this.load();
		},

		// What came after the page was read was not seen: it waits.
		async all_of_cause(row, what, reason = "") {
			const args = { connection: row.connection, kind: row.kind, cause_key: row.key, code: row.code, decision: what, reason, as_of: this.found.as_of };
			this.said_together(await this.call("all_of_cause", args));
			return this.load();
		},

		said_together({ done, left, waiting }) {
			const said = waiting ? __("{0} documents are done, {1} wait still: press it once more", [done, waiting]) : done === 1 ? __("One document is done") : __("{0} documents are done", [done]);
			frappe.show_alert({ message: said, indicator: done ? "green" : "orange" });
			if (left.length) say(__("These stay as they are"), __("Nothing of these can be decided so: {0}", [left.join(", ")]));
		},
	});
})();

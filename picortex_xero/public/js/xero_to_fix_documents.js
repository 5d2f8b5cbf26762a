// The documents of a cause on the page To Fix, and what Xero has said of one, word for word. Read after the page's own file.

(() => {
	const TO_FIX = "picortex_xero.api.to_fix.";
	const { text, lines, drawn, one_and_menu, may_be_chosen, in_system_time } = picortex_xero.to_fix_shown;

	Object.assign(picortex_xero.ToFixPage.prototype, {
		async documents(row) {
			const args = { connection: row.connection, kind: row.kind, cause_key: row.key, code: row.code, start: row.shown.length };
			const { message } = await frappe.call({ method: TO_FIX + "documents", args, type: "GET" });
			if (!message || !row.shown) return;
			row.shown.push(...message.rows);
			const check = this.found.presses ? `<th><input type="checkbox" class="xero-choose" aria-label="${__("Select all that are shown")}"></th>` : "";
			const heads = [__("Document"), __("Date"), __("Amount"), __("Why"), ""].map((each) => `<th>${each}</th>`);
			const more = message.more ? `<p>${drawn(__("Show More"), "more-documents", "btn-default")}</p>` : "";
			const $place = this.place(row).removeClass("hide");
			$place.children("td").html(
				`<div class="xero-chosen" style="margin-bottom: 8px"></div><table class="table table-bordered small"><thead><tr>${check}${heads.join("")}</tr></thead><tbody>${row.shown.map((each, at) => this.document(each, at)).join("")}</tbody></table>${more}`
			);
			this.draw_chosen(row);
		},

		document(each, at) {
			const address = frappe.utils.get_form_link(each.doctype, each.name);
			const date = each.date ? frappe.datetime.str_to_user(each.date) : "";
			const amount = each.amount ? format_currency(each.amount, each.currency) : "";
			const ticked = this.chosen.has(each.step) ? "checked" : "";
			const box = may_be_chosen(each) ? `<input type="checkbox" class="xero-choose" ${ticked} aria-label="${text(each.name)}">` : "";
			return `<tr data-step="${at}">${this.found.presses ? `<td>${box}</td>` : ""}<td class="text-nowrap"><a href="${text(address)}">${text(each.name)}</a><div class="text-muted">${text(__(each.doctype))}</div></td>
				<td class="text-nowrap">${text(date)}</td><td class="text-right text-nowrap">${text(amount)}</td>
				<td>${lines(each.reason)}${each.cure ? `<div class="text-muted">${lines(each.cure)}</div>` : ""}</td>
				<td class="text-right text-nowrap">${this.document_buttons(each)}</td></tr>`;
		},

		document_buttons(each) {
			const found = [];
			const add_button = (says, name, style) => found.push({ says, act: name, style: style || "btn-default" });
			const presses = this.found.presses;
			if (presses && each.can_release) add_button(__("Release"), "release-one", "btn-primary");
			if (presses && each.can_send_late) add_button(__("Send All the Same"), "late-one", "btn-primary");
			if (presses && !each.can_release && !each.can_send_late) add_button(__("Retry"), "retry-one");
			add_button(__("What Xero Said"), "said-one");
			if (presses && each.can_say_done) add_button(__("Done by Hand"), "done-one");
			if (presses && each.can_skip) add_button(__("Skip"), "skip-one");
			if (presses) {
				add_button(__("Assign"), "assign-one");
				add_button(__("Comment"), "comment-one");
			}
			return one_and_menu(found);
		},

		async said_by_xero(step) {
			const { message: found } = await frappe.call({ method: TO_FIX + "said_by_xero", args: { name: step.step }, type: "GET" });
			const said = (found || []).map(
				(each) => `<p><b>${text(in_system_time(each.at))}</b><br>${lines(each.message)}</p>${each.answer ? `<pre style="white-space: pre-wrap">${text(each.answer)}</pre>` : ""}`
			);
			frappe.msgprint({
				title: __("What Xero said about {0}", [text(step.name)]),
				message: said.join("") || __("Xero has said nothing: it was not sent, because something is missing here"),
				wide: true,
			});
		},
	});
})();

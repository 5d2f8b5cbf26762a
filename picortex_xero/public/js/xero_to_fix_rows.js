// The rows of the page To Fix: one for each cause, with its buttons. Everything that comes from the server is text here, and is escaped. Read after the page's own file.

(() => {
	const { text, lines, drawn, one_and_menu, in_system_time } = picortex_xero.to_fix_shown;

	Object.assign(picortex_xero.ToFixPage.prototype, {
		row(row, at, several) {
			const colour = row.held ? "orange" : "red";
			const notes = [
				row.behind ? __("{0} more wait for these", [row.behind]) : "",
				row.assigned.length ? __("With {0}", [row.assigned.join(", ")]) : "",
				row.comments ? (row.comments === 1 ? __("One comment") : __("{0} comments", [row.comments])) : "",
			].filter(Boolean);
			const amounts = row.amounts.map((each) => `<div class="text-muted small">${text(each.currency)} ${text(format_currency(each.amount, each.currency))}</div>`);
			const since = row.days > 1 ? __("{0} days", [row.days]) : row.days ? __("One day") : __("Today");
			return `<tr data-at="${at}">
				<td><span class="indicator ${colour}"></span><a data-act="open-cause" href="#" title="${text(__("Show its documents"))}" style="color: var(--text-on-blue, #0b6dc4); text-decoration: underline"><b>${text(row.title)}</b></a>${several ? ` <span class="text-muted">${text(row.company)}</span>` : ""}
					<div class="small">${lines(row.reason)}</div>${row.cure ? `<div class="small text-muted">${lines(row.cure)}</div>` : ""}
					${notes.length ? `<div class="small text-muted">${notes.map(text).join(" · ")}</div>` : ""}</td>
				<td class="text-right">${text(row.documents)}</td>
				<td class="text-right text-nowrap">${text(format_currency(row.amount, row.currency))}${amounts.join("")}</td>
				<td class="text-nowrap" title="${text(in_system_time(row.since))}">${text(since)}</td>
				<td class="text-right" style="min-width: 180px">${this.buttons(row)}</td></tr>
				<tr data-at="${at}" class="xero-cause-documents hide"><td colspan="5"></td></tr>`;
		},

		buttons(row) {
			const presses = this.found.presses;
			const decides = this.found.decides.includes(row.connection);
			const found = [];
			const add_button = (says, name, style) => found.push({ says, act: name, style: style || "btn-default" });
			const { act, says } = row.button;
			if (act === "release" && presses) add_button(__("Release All"), "release-all", "btn-primary");
			if (act === "late" && presses) add_button(__("Send All the Same"), "late-all", "btn-primary");
			// Choices are an admin's: whoever may not make them is told so.
			const admins = ["setting", "sign-in", "refresh"].includes(act);
			if (["map", "test", "open"].includes(act) || (admins && decides)) add_button(says, "cure", decides || act === "open" ? "btn-primary" : "btn-default");
			const told = act === "say" || (admins && !decides);
			if (told && !(act === "say" && presses)) found.push({ says: __("What to Do"), act: "say", style: "btn-default" });
			if (row.button.refreshes && decides) add_button(__("Refresh From Xero"), "refresh");
			if (presses && !["release", "late"].includes(act)) add_button(__("Retry All"), "retry-all");
			if (presses) {
				add_button(__("Skip All"), "skip-all");
				add_button(__("All Done by Hand"), "done-all");
				add_button(__("Assign"), "assign");
				add_button(__("Comment"), "comment");
			}
			return one_and_menu(found);
		},

		pages(total) {
			const { page } = this.found;
			if (total <= page) return "";
			const from = this.start + 1;
			const back = this.start ? drawn(__("Back"), "back", "btn-default") : "";
			const on = this.start + page < total ? drawn(__("Next"), "next", "btn-default") : "";
			return `<p>${back} ${on} <span class="text-muted small">${text(__("{0} to {1} of {2}", [from, Math.min(this.start + page, total), total]))}</span></p>`;
		},

		// How the user himself is told what needs a person.
		told(connections) {
			const options = ["In the Desk", "In the Desk and by e-mail", "Not at all"];
			const rows = connections.map((each) => {
				const chosen = this.found.told[each.name];
				const listed = options.map((option) => `<option value="${option}"${option === chosen ? " selected" : ""}>${text(__(option, null, "Xero Person Told"))}</option>`);
				return `<div class="small text-muted" style="margin-top: 12px">${text(__("I am told what needs a person at {0}:", [each.company]))}
					<select class="form-control input-xs xero-told" style="display: inline-block; width: auto; appearance: auto" data-connection="${text(each.name)}">${listed.join("")}</select></div>`;
			});
			setTimeout(() => {
				this.$body.find(".xero-told").on("change", (event) => {
					const $chosen = $(event.currentTarget);
					return this.call("tell_me", { connection: $chosen.attr("data-connection"), how: $chosen.val() });
				});
			});
			return rows.join("");
		},
	});
})();

// Matches as a spreadsheet: what an uploaded one would link is shown before anything is linked. Read after the page's own file.

(() => {
	const { text } = picortex_xero.contacts_shown;

	Object.assign(picortex_xero.ContactsPage.prototype, {
		// A spreadsheet: what it would link is shown first, row by row; then what became of each row.
		import_sheet() {
			const said = __("An export of this screen, filled in: the ContactID, or the name of the contact in Xero. An empty cell leaves a row as it is; no link is changed or taken away.");
			picortex_xero.choose_sheet(said, async (dialog, sheet) => {
				const answer = await this.call("preview_sheet", sheet);
				if (!answer) return;
				this.show_sheet(dialog, answer);
				dialog.get_primary_btn().toggleClass("hide", !answer.links);
				if (!answer.links) return;
				dialog.set_primary_action(answer.links === 1 ? __("Link One") : __("Link {0}", [answer.links]), async () => {
					dialog.get_primary_btn().addClass("hide");
					const done = await this.call("import_sheet", sheet);
					await this.load();
					if (done) this.show_sheet(dialog, done);
				});
			});
		},

		show_sheet(dialog, answer) {
			const states = { links: __("Would be linked"), linked: __("Linked"), same: __("Stays as it is"), later: __("Import the file again for this row"), refused: __("Refused") };
			const lines = answer.rows.map(
				(row) =>
					`<tr><td>${row.number}</td><td>${text(row.label)}</td><td>${text(row.after)}</td><td>${text(states[row.state])}</td><td class="text-danger">${text(row.problem)}</td></tr>`
			);
			const counts = Object.entries(states).filter(([state]) => answer[state]).map(([state, label]) => `${label}: ${answer[state]}`);
			const heads = [__("Row"), __("In ERPNext"), __("Contact in Xero"), __("What becomes of it"), __("What is wrong")].map((head) => `<th>${head}</th>`).join("");
			dialog.fields_dict.preview.$wrapper.html(
				`<p>${text(counts.join(" · "))}</p><table class="table table-bordered"><thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table>`
			);
		},
	});
})();

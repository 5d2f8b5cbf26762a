// The mapping page as a spreadsheet: what an uploaded one would change is shown before anything is changed. Read after the page's own file.

(() => {
	const API = "picortex_xero.api.mapping.";
	const { text } = picortex_xero.mapping_shown;

	Object.assign(picortex_xero.MappingPage.prototype, {
		// A spreadsheet: what it would change is shown before anything is changed.
		import_sheet() {
			picortex_xero.choose_sheet(__("An export of this screen, filled in. An empty cell leaves a mapping as it is."), async (dialog, file) => {
				const sheet = { connection: this.connection, mapping: this.kind, ...file };
				const { message } = await frappe.call({ method: API + "preview_sheet", args: sheet, freeze: true });
				if (message) this.show_preview(dialog, sheet, message);
			});
		},

		show_preview(dialog, sheet, { rows, same, right, wrong }) {
			const lines = rows.map(
				(row) =>
					`<tr><td>${row.number}</td><td>${text(row.label)}</td><td>${text(row.before)}</td><td>${text(row.after)}</td><td class="text-danger">${text(row.problem)}</td></tr>`
			);
			const heads = [__("Row"), __("In ERPNext"), __("Now"), __("Then"), __("What is wrong")].map((head) => `<th>${head}</th>`).join("");
			const said = __("Rows that would change: {0}; wrong: {1}; staying as they are: {2}.", [right, wrong, same]);
			dialog.fields_dict.preview.$wrapper.html(
				`<p>${text(said)}</p>${rows.length ? `<table class="table table-bordered"><thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table>` : ""}`
			);
			if (!right) return dialog.get_primary_btn().addClass("hide");
			dialog.set_primary_action(wrong ? __("Take the right ones ({0})", [right]) : __("Take all ({0})", [right]), async () => {
				dialog.hide();
				const { message } = await frappe.call({ method: API + "import_sheet", args: { ...sheet, right_ones: wrong ? 1 : 0 }, freeze: true });
				await this.load();
				if (message) frappe.show_alert({ message: message.right === 1 ? __("Saved.") : __("{0} mappings saved.", [message.right]), indicator: "green" });
			});
		},
	});
})();

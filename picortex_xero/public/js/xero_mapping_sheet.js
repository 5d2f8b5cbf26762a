// The mapping page as a spreadsheet: what an uploaded one would change is shown before anything is changed. Read after the page's own file.

(() => {
	const API = "picortex_xero.api.mapping.";
	const { text } = picortex_xero.mapping_shown;

	Object.assign(picortex_xero.MappingPage.prototype, {
		// A spreadsheet: what it would change is shown before anything is changed.
		import_sheet() {
			const dialog = new frappe.ui.Dialog({
				title: __("Import a spreadsheet"),
				size: "extra-large",
				fields: [{ fieldname: "file", fieldtype: "HTML" }, { fieldname: "preview", fieldtype: "HTML" }],
			});
			const input = $('<input type="file" accept=".xlsx,.csv">').attr("aria-label", __("Spreadsheet"));
			dialog.fields_dict.file.$wrapper.append($("<p>").text(__("An export of this screen, filled in. An empty cell leaves a mapping as it is.")), input);
			input.on("change", async () => {
				const file = input[0].files[0];
				if (!file) return;
				const sheet = { connection: this.connection, mapping: this.kind, filename: file.name, content: await base64_of(file) };
				const { message } = await frappe.call({ method: API + "preview_sheet", args: sheet, freeze: true });
				if (message) this.show_preview(dialog, sheet, message);
			});
			dialog.show();
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

	async function base64_of(file) {
		const bytes = new Uint8Array(await file.arrayBuffer());
		let binary = "";
		for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
		return btoa(binary);
	}
})();

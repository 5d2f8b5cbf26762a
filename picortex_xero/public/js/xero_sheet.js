// A dialog in which somebody chooses an exported screen that he has filled in as a spreadsheet, with the place below it for what it would change.

frappe.provide("picortex_xero");

(() => {
	// `said`: what the file has to be; `chosen(dialog, sheet)` is called with each file as {filename, content}, its content as base64.
	picortex_xero.choose_sheet = (said, chosen) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Import a spreadsheet"),
			size: "extra-large",
			fields: [{ fieldname: "file", fieldtype: "HTML" }, { fieldname: "preview", fieldtype: "HTML" }],
		});
		const input = $('<input type="file" accept=".xlsx,.csv">').attr("aria-label", __("Spreadsheet"));
		dialog.fields_dict.file.$wrapper.append($("<p>").text(said), input);
		input.on("change", async () => {
			const file = input[0].files[0];
			if (file) await chosen(dialog, { filename: file.name, content: await base64_of(file) });
		});
		dialog.show();
	};

	async function base64_of(file) {
		const bytes = new Uint8Array(await file.arrayBuffer());
		let binary = "";
		for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
		return btoa(binary);
	}
})();

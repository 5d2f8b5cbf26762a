// One step on its way: trying it again (a contact's belongs to no single document), and choosing its record where Xero has some of which
// it is not certain whose they are.

frappe.ui.form.on("Xero Outbox Entry", {
	refresh(frm) {
		const open = ["Held", "Needs Attention"].includes(frm.doc.state) || ["done-by-hand", "skipped-by-person"].includes(frm.doc.reason_code);
		if (!open) return;
		// Whoever only reads presses nothing (overrides/boot.py).
		if (frappe.boot.xero_presses) {
			frm.add_custom_button(__("Retry"), async () => {
				await frappe.call("picortex_xero.api.status.retry_step", { name: frm.doc.name });
				frm.reload_doc();
			});
		}
		if (frm.doc.kept_by) show_records_to_choose(frm);
	},
});

async function show_records_to_choose(frm) {
	const name = frm.doc.name;
	const { message: found } = await frappe.call({
		method: "picortex_xero.api.status.records_to_choose",
		args: { name },
		type: "GET",
	});
	if (frm.doc.name !== name || !found) return;
	frm.dashboard.parent.find(".xero-choices").closest(".custom").remove();
	const text = (value) => frappe.utils.escape_html(value);
	const heads = [__("Number in Xero"), __("Amount"), __("Date"), __("Status in Xero"), ""];
	const rows = found.map((record, at) => {
		const number = text(record.number || record.id || __("shown without an id"));
		const opened = record.link ? `<a href="${text(record.link)}" target="_blank" rel="noopener">${number}</a>` : number;
		const button = record.id && !record.double && frappe.boot.xero_presses ? `<button class="btn btn-xs btn-default" data-at="${at}">${__("This is it")}</button>` : "";
		const status = record.status ? text(record.status) : "";
		return `<tr><td>${opened}</td><td class="text-right">${text(record.total)}</td><td>${text(record.date)}</td><td>${status}</td><td>${button}</td></tr>`;
	});
	frm.dashboard.add_section(
		`<div class="xero-choices"><table class="table table-bordered small"><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
		found.every((record) => record.double) ? __("Also in Xero, besides the record that is linked") : __("Which record in Xero is this document?")
	);
	frm.dashboard.show();
	frm.dashboard.parent.find(".xero-choices button").on("click", (event) => choose(frm, found[event.currentTarget.dataset.at]));
	if (frappe.boot.xero_presses && found.some((record) => record.may_be_none)) frm.add_custom_button(__("None of These"), () => none_of_these(frm));
}

function choose(frm, record) {
	const question = __("Link {0} to the record {1} in Xero? Nothing is sent.", [frm.doc.reference_name, record.number || record.id].map(frappe.utils.escape_html));
	frappe.confirm(question, async () => {
		await frappe.call({
			method: "picortex_xero.api.status.choose_record",
			args: { name: frm.doc.name, xero_id: record.id },
			freeze: true,
		});
		frm.reload_doc();
	});
}

function none_of_these(frm) {
	const question = __("Send {0}? You say that none of these records is a document of this site.", [frappe.utils.escape_html(frm.doc.reference_name)]);
	frappe.confirm(question, async () => {
		await frappe.call({ method: "picortex_xero.api.status.none_of_these", args: { name: frm.doc.name }, freeze: true });
		frm.reload_doc();
	});
}

// One indicator on a submitted document: what accounts knows of it. The Xero roles also see number, reason, cure and Retry.

for (const doctype of ["Sales Invoice", "Purchase Invoice", "Payment Entry"]) {
	frappe.ui.form.on(doctype, { refresh: show_accounts_status });
}

async function show_accounts_status(frm) {
	frm.page.indicator.siblings(".accounts-status").remove();
	if (frm.is_new() || frm.doc.docstatus === 0) return;
	const name = frm.doc.name;
	const { message: status } = await frappe.call({
		method: "picortex_xero.api.status.document_status",
		args: { doctype: frm.doctype, name },
		type: "GET",
	});
	// The user may have moved on to another document while the answer was on its way.
	if (!status || !status.message || frm.doc.name !== name) return;
	show_pill(frm, status);
	if (status.state) show_details(frm, status);
}

// Beside the document's own status: the dashboard sits in a tab of its own, where a clerk would not look.
function show_pill(frm, status) {
	const pill = $(`<span class="indicator-pill accounts-status ${status.colour}" style="margin-left: 8px"></span>`);
	pill.append($("<span></span>").text(__(status.message)));
	frm.page.indicator.siblings(".accounts-status").remove();
	pill.insertAfter(frm.page.indicator);
}

function show_details(frm, status) {
	const escape = frappe.utils.escape_html;
	const lines = (text) => escape(text).replace(/\n/g, "<br>");
	const parts = [];
	if (status.number) {
		const number = escape(status.number);
		const shown = status.link
			? `<a href="${escape(status.link)}" target="_blank" rel="noopener">${number}</a>`
			: number;
		parts.push(`<b>${__("In Xero as {0}", [shown])}</b> (${escape(__(status.remote_status.toLowerCase()))})`);
	} else {
		parts.push(`<b>${escape(__(status.state))}</b>`);
	}
	if (status.reason) parts.push(lines(status.reason));
	if (status.cure) parts.push(`<i>${lines(status.cure)}</i>`);
	if (status.reason || status.number) frm.dashboard.set_headline(parts.join("<br>"), status.colour);
	if (status.can_retry) {
		frm.add_custom_button(__("Send to Xero Again"), async () => {
			await frappe.call({
				method: "picortex_xero.api.status.retry",
				args: { doctype: frm.doctype, name: frm.doc.name },
				freeze: true,
			});
			frappe.show_alert({ message: __("On its way to accounts"), indicator: "blue" });
			frm.refresh();
		});
	}
}

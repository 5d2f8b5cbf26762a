// One line at the top of a submitted document: what accounts knows of it, in the state's colour. The Xero roles also see number,
// reason, cure and a button to send it again. (The dashboard's own indicators sit in a tab where a clerk would not look.)

for (const doctype of ["Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry"]) {
	frappe.ui.form.on(doctype, { refresh: show_accounts_status });
}

async function show_accounts_status(frm) {
	if (frm.is_new() || frm.doc.docstatus === 0) return;
	const name = frm.doc.name;
	const { message: status } = await frappe.call({
		method: "picortex_xero.api.status.document_status",
		args: { doctype: frm.doctype, name },
		type: "GET",
	});
	// The user may have moved on to another document while the answer was on its way.
	if (!status || !status.message || frm.doc.name !== name) return;
	const lines = [`<b>${frappe.utils.escape_html(__(status.message))}</b>`, ...details(status)];
	frm.dashboard.set_headline(lines.join("<br>"), status.colour);
	if (status.can_retry) add_retry(frm);
}

function details(status) {
	if (!status.state) return [];
	const escape = (text) => frappe.utils.escape_html(text).replace(/\n/g, "<br>");
	const found = [];
	if (status.number) {
		const number = escape(status.number);
		const link = `<a href="${escape(status.link)}" target="_blank" rel="noopener">${number}</a>`;
		const remote = escape(__(status.remote_status.toLowerCase()));
		found.push(`${__("In Xero as {0}", [status.link ? link : number])} (${remote})`);
	} else {
		found.push(escape(__(status.state)));
	}
	if (status.reason) found.push(escape(status.reason));
	if (status.cure) found.push(`<i>${escape(status.cure)}</i>`);
	return found;
}

function add_retry(frm) {
	frm.add_custom_button(__("Retry"), async () => {
		await frappe.call({
			method: "picortex_xero.api.status.retry",
			args: { doctype: frm.doctype, name: frm.doc.name },
			freeze: true,
		});
		frappe.show_alert({ message: __("On its way to accounts"), indicator: "blue" });
		frm.refresh();
	});
}

// One line at the top of a submitted document: where it stands in Xero, in the state's colour. The Xero roles also see number,
// reason, what to do and a button to send it again, and among the connections every record that the document became in Xero. (The
// dashboard's own indicators sit in that tab, where a clerk would not look.)

frappe.provide("picortex_xero");

// The Desk runs this file with the first form of each DocType that hooks.py lists it for: handlers are for all of them (overrides/boot.py
// names them), and once.
// A page that was loaded before the app knew of them has no list: it shows nothing until it is loaded anew.
if (!picortex_xero.shows_accounts_status && frappe.boot.xero_documents) {
	picortex_xero.shows_accounts_status = true;
	for (const doctype of frappe.boot.xero_documents) {
		frappe.ui.form.on(doctype, { refresh: show_accounts_status });
	}
}

async function show_accounts_status(frm) {
	if (!frm.is_new() && frm.doc.docstatus !== 2) add_preview(frm);
	if (frm.is_new() || frm.doc.docstatus === 0) return;
	const name = frm.doc.name;
	const { message: status } = await frappe.call({
		method: "picortex_xero.api.status.document_status",
		args: { doctype: frm.doctype, name },
		type: "GET",
	});
	// The user may have moved on to another document while the answer was on its way.
	if (!status || !status.message || frm.doc.name !== name) return;
	const lines = [`<b>${escaped(status.message)}</b>`, ...details(status)];
	// The Desk adds headlines to one another, and refreshes some forms twice: ours stands there once.
	frm.layout.message.find(".xero-status").closest(".form-message").remove();
	frm.dashboard.set_headline(`<div class="xero-status">${lines.join("<br>")}</div>`, status.colour);
	show_records(frm, status);
	ask_before_cancel(frm);
	look_again(frm, status);
	if (status.explains) frm.add_custom_button(__("Why this account and tax"), () => explain(frm));
	if (status.can_release) add_button(frm, __("Release"), "picortex_xero.api.to_fix.release", __("Let the money of {0} go to Xero?", [escaped(name)]));
	if (status.can_send_late) {
		const question =
			status.can_send_late === "bank"
				? __("Send {0} to Xero? What Xero has is something else, or was removed there.", [escaped(name)])
				: __("Send {0} to Xero although its period is closed? Where tax is filed for it, Xero puts its tax into a later return as a late claim.", [escaped(name)]);
		add_button(frm, __("Send All the Same"), "picortex_xero.api.to_fix.send_late", question);
	}
	if (status.can_approve) add_approval(frm);
	if (status.can_send_now) add_button(frm, __("Send Now"), "picortex_xero.api.rules.send_now");
	if (status.can_retry) add_button(frm, __("Retry"), "retry");
	if (status.can_send_again) {
		const question = __("Enter {0} anew in Xero? It is first read there once more.", [escaped(name)]);
		add_button(frm, __("Send again"), "send_again", status.again_says ? `${question}<br><br>${escaped(status.again_says)}` : question);
	}
	if (status.can_leave_out) {
		add_button(frm, __("Leave it out"), "leave_out", __("Leave {0} out of Xero for good?", [escaped(name)]));
	}
	if (status.can_accept) {
		add_button(frm, __("Accept"), "accept", __("Accept what Xero shows for {0} as right, and be told only what changes from now on?", [escaped(name)]));
	}
	if (status.can_say_done) {
		add_button(frm, __("Done by Hand"), "done_by_hand", __("Was what {0} waits for done in Xero by hand? The app then does nothing more about it.", [escaped(name)]));
	}
	if (status.can_credit) {
		add_button(frm, __("Credit in Open Period"), "credit_in_open_period", __("Enter a credit note for {0}, dated today, in Xero and take it off {0}?", [escaped(name)]));
	}
}

// What is on its way is somewhere else within a minute: while its form is open, the line is read again a few times, each time later.
function look_again(frm, status) {
	const looks = frm.xero_looks && frm.xero_looks.name === frm.doc.name ? frm.xero_looks : { name: frm.doc.name, count: 0 };
	frm.xero_looks = looks;
	clearTimeout(looks.timer);
	if (status.colour !== "blue") looks.count = 0;
	else if (looks.count < 5) {
		looks.timer = setTimeout(() => {
			const open = window.cur_frm === frm && frm.doc.name === looks.name && frappe.get_route()[0] === "Form" && !document.hidden;
			if (open) show_accounts_status(frm);
		}, 4000 * 2 ** looks.count++);
	}
}

// Approve and Return. Whether the user is the one who is asked now is said when he presses; what is pressed counts for the document as it was shown then.
function add_approval(frm) {
	const name = frm.doc.name;
	const asked = async () => {
		const { message } = await frappe.call({ method: "picortex_xero.api.approvals.waiting", args: { doctype: frm.doctype, name }, type: "GET" });
		const [waits] = (message || {}).documents || [];
		if (waits && waits.may) return waits;
		frappe.msgprint(waits ? escaped(waits.why_not) : __("It waits for nobody's approval any more"));
		return null;
	};
	const decide = async (waits, outcome, note) => {
		const items = [{ doctype: frm.doctype, name, seen: waits.seen }];
		const { message } = await frappe.call({ method: "picortex_xero.api.approvals.decide", args: { items, outcome, note } });
		const [said] = message || [];
		if (said && !said.done) frappe.msgprint(escaped(said.why));
		frm.reload_doc();
	};
	frm.add_custom_button(__("Approve"), async () => {
		const waits = await asked();
		if (!waits) return;
		const question = waits.steps > 1 ? __("Approve {0}: step {1} of {2} of the rule {3}?", [escaped(name), waits.step, waits.steps, escaped(waits.rule)]) : __("Approve {0}, as the rule {1} asks?", [escaped(name), escaped(waits.rule)]);
		frappe.confirm(question, () => decide(waits, "Approved", ""));
	});
	frm.add_custom_button(__("Return", null, "Xero"), async () => {
		const waits = await asked();
		if (waits) frappe.prompt({ fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1 }, ({ note }) => decide(waits, "Returned", note), __("Return", null, "Xero"));
	});
}

// The way to what the document would become in Xero now, of a draft, too: for whoever may read previews, where its company is connected.
async function add_preview(frm) {
	const { name, company } = frm.doc;
	if (!frappe.model.can_read("Xero Preview Run") || !company) return;
	const known = (picortex_xero.connections = picortex_xero.connections || {});
	if (!known[company]) {
		const [found] = await frappe.db.get_list("Xero Connection", { fields: ["name"], filters: { company, state: ["!=", "Retired"] }, limit: 1 });
		known[company] = found && found.name;
	}
	if (!known[company] || frm.doc.name !== name) return;
	const label = __("Preview for Xero");
	frm.add_custom_button(label, () => frappe.set_route("xero-preview", known[company], frm.doctype, name), __("View"));
}

// What cancelling does in Xero is said before anything is cancelled. The host asks for its own consent afterwards, and cancels what is linked before the
// document itself: so it is its button that is preceded, and not the cancel of the one document.
function ask_before_cancel(frm) {
	if (frm.xero_asks || frm.doc.docstatus !== 1) return;
	frm.xero_asks = true;
	const cancel = frm.savecancel;
	frm.savecancel = async function (...given) {
		const found = frappe.boot.xero_documents.includes(frm.doctype) ? await what_cancelling_does(frm) : [];
		if (!found.length) return cancel.apply(frm, given);
		const dialog = new frappe.ui.Dialog({
			title: __("What happens in Xero"),
			size: "large",
			fields: [{ fieldtype: "HTML", fieldname: "said", options: found.map(cancelling).join("") }],
			primary_action_label: __("Go on to cancel"),
			primary_action() {
				dialog.hide();
				cancel.apply(frm, given);
			},
			secondary_action_label: __("Leave it as it is"),
			secondary_action: () => dialog.hide(),
		});
		dialog.show();
	};
}

// Of this document and of what the host cancels with it; whatever cannot be asked keeps nobody from cancelling.
async function what_cancelling_does(frm) {
	const ask = async (doctype, name) => {
		const { message } = await frappe.call({ method: "picortex_xero.api.why.before_cancel", args: { doctype, name }, type: "GET" });
		return { doctype, name, ...message };
	};
	try {
		const { message: linked } = await frappe.call({
			method: "frappe.desk.form.linked_with.get_submitted_linked_docs",
			args: { doctype: frm.doctype, name: frm.doc.name },
		});
		const with_it = ((linked && linked.docs) || []).filter(
			(each) => frappe.boot.xero_documents.includes(each.doctype) && !(frm.ignore_doctypes_on_cancel_all || []).includes(each.doctype)
		);
		const asked = [ask(frm.doctype, frm.doc.name), ...with_it.slice(0, 20).map((each) => ask(each.doctype, each.name))];
		return (await Promise.all(asked)).filter((each) => each.note || (each.lines || []).length);
	} catch (error) {
		console.warn(error);
		return [];
	}
}

function cancelling(each) {
	const rows = (each.lines || []).map((line) => {
		const what = [line.what, line.number].filter(Boolean).map(escaped).join(" ");
		const to_do = line.to_do ? `<br><i>${escaped(line.to_do)}</i>` : "";
		return `<li><span class="indicator ${line.colour}"></span> <b>${what}</b>: ${escaped(line.says)}${to_do}</li>`;
	});
	const note = each.note ? `<p>${escaped(each.note)}</p>` : "";
	const shown_last = rows.length ? `<p class="text-muted small">${__("As Xero showed it last.")}</p>` : "";
	return `<h5>${escaped(__(each.doctype))} ${escaped(each.name)}</h5><ul class="list-unstyled xero-cancel">${rows.join("")}</ul>${note}${shown_last}`;
}

// Line by line: where it is booked in Xero, and which choice says so.
async function explain(frm) {
	const { message: found } = await frappe.call({
		method: "picortex_xero.api.why.lines",
		args: { doctype: frm.doctype, name: frm.doc.name },
		type: "GET",
		freeze: true,
	});
	const heads = [__("Record"), __("Line"), __("Amount"), __("Account in Xero"), __("Tax in Xero"), __("Tracking")];
	const why = (text, reason) => `${escaped(text)}${reason ? `<br><span class="text-muted small">${escaped(reason)}</span>` : ""}`;
	const rows = found.lines.map(
		(each) =>
			`<tr><td>${escaped(each.record)}</td><td>${escaped(each.line)}</td><td class="text-right text-nowrap">${each.amount === "" ? "" : escaped(format_number(each.amount, null, 2))}</td>` +
			`<td>${why(each.account, each.account_why)}</td><td>${why(each.tax, each.tax_why)}</td><td>${escaped(each.tracking)}</td></tr>`
	);
	const kept = found.problems.map((each) => `<p>${escaped(each.reason)}${each.cure ? `<br><i>${escaped(each.cure)}</i>` : ""}</p>`);
	const head = heads.map((text) => `<th>${text}</th>`).join("");
	const table = rows.length ? `<table class="table table-bordered small xero-why"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>` : "";
	const nothing = rows.length || kept.length ? "" : `<p>${__("Nothing of it goes to Xero.")}</p>`;
	const dialog = new frappe.ui.Dialog({
		title: __("Why this account and tax"),
		size: "extra-large",
		fields: [{ fieldtype: "HTML", fieldname: "lines", options: `${kept.join("")}${table}${nothing}` }],
	});
	dialog.show();
}

function escaped(text) {
	return frappe.utils.escape_html(text).replace(/\n/g, "<br>");
}

function linked(text, address) {
	return address ? `<a href="${escaped(address)}" target="_blank" rel="noopener" style="text-decoration: underline">${text}</a>` : text;
}

function details(status) {
	if (!status.state) return [];
	const found = [];
	// What the headline says already is not said again.
	if (status.record) {
		const record = linked(escaped([status.record, status.number].filter(Boolean).join(" ")), status.link);
		found.push(status.in_xero ? `${record}: ${escaped(status.in_xero)}` : record);
	} else if (!status.message.startsWith(status.state)) {
		found.push(escaped(status.state));
	}
	if (status.reason) found.push(escaped(status.reason));
	if (status.cure) found.push(`<i>${escaped(status.cure)}</i>`);
	if (status.instead) found.push(`<i>${escaped(status.instead)}</i>`);
	return found;
}

// The section among the connections: one line per record in Xero, then notes and files. A refresh clears it before it is drawn again.
function show_records(frm, status) {
	const section = frm.dashboard.parent.find(".xero-records");
	section.closest(".custom").remove();
	const rows = [...(status.records || []).map(record_row), ...(status.extras || []).map(extra_row)];
	if (!rows.length) return;
	const heads = [__("Record"), __("Number"), __("Amount"), __("Status"), __("Last Read")];
	const head = heads.map((text) => `<th>${text}</th>`).join("");
	frm.dashboard.add_section(
		`<div class="xero-records"><table class="table table-bordered small"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
		__("In Xero")
	);
	frm.dashboard.show();
}

function record_row(record) {
	const what = escaped(__(record.what));
	const number = record.number ? linked(escaped(record.number), record.link) : linked(record.link ? __("Open") : "", record.link);
	const amount = record.amount ? format_currency(record.amount, record.currency || undefined) : "";
	const seen = record.seen ? in_user_time(record.seen) : "";
	return `<tr><td>${what}</td><td>${number}</td><td class="text-right">${escaped(amount)}</td><td>${escaped(record.status)}</td><td>${escaped(seen)}</td></tr>`;
}

// Times of the app's own rows are UTC; the Desk takes what it is given for the site's time and shows it in the user's.
function in_user_time(utc) {
	const read = moment.utc(utc);
	const zone = frappe.boot.time_zone && frappe.boot.time_zone.system;
	return frappe.datetime.str_to_user((zone ? read.tz(zone) : read.local()).format(frappe.defaultDatetimeFormat));
}

function extra_row(extra) {
	const said = [extra.reason, extra.cure].filter(Boolean).map(escaped).join("<br>");
	return `<tr><td>${escaped(__(extra.what))}</td><td colspan="4">${escaped(__(extra.state))}${said ? `<br>${said}` : ""}</td></tr>`;
}

// What a person decides; where there is a question, it is asked first.
function add_button(frm, label, method, question) {
	const act = async () => {
		await frappe.call({
			method: method.includes(".") ? method : `picortex_xero.api.status.${method}`,
			args: { doctype: frm.doctype, name: frm.doc.name },
			freeze: true,
		});
		if (!["leave_out", "done_by_hand"].includes(method)) frappe.show_alert({ message: __("On its way to Xero"), indicator: "blue" });
		frm.refresh();
	};
	frm.add_custom_button(label, () => (question ? frappe.confirm(question, act) : act()));
}

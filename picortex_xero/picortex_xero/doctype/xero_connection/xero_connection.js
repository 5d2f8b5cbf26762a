// Xero Connection: one company and its organisation; its set-up step by step, going live, pausing and giving it back.

const API = "picortex_xero.api.connect.";
// Grey is what cannot be done yet.
const COLOURS = { green: "green", amber: "orange", red: "red", grey: "gray" };

// How often each of Xero's lists is read: what a choice costs is said while it is typed.
const READING = ["invoices", "credit_notes", "payments", "contacts", "bank_transactions", "transfers", "journals", "prepayments"].map((each) => "read_" + each);

frappe.ui.form.on("Xero Connection", {
	...Object.fromEntries(READING.map((field) => [field, (frm) => show_reading(frm)])),
	// What was done in another window may have changed the state and the next step.
	setup(frm) {
		const shown = () => picortex_xero.in_sight(frm.wrapper) && !frm.is_new() && !frm.is_dirty() && frm.doc.company;
		frm.xero_fresh = picortex_xero.stay_fresh({ screen: "setup", shown, connection: () => frm.doc.name, read: () => show_again(frm) });
	},
	refresh(frm) {
		if (frm.is_new()) {
			frm.set_intro(__("Connections are made by pressing Connect to Xero in Xero Settings."), "blue");
			frm.disable_save();
			return;
		}
		if (frm.xero_fresh) frm.xero_fresh();
		show_state(frm);
		show_guide(frm);
		show_reading(frm);
		add_links(frm);
		if (["Live", "Paused"].includes(frm.doc.state) && frappe.model.can_read("Xero Unlinked Record")) show_unlinked(frm);
		const state = frm.doc.state;
		if (state === "Retired") return;
		// Who may create a connection may connect; who may write one decides what is sent.
		const connects = frappe.perm.has_perm("Xero Connection", 0, "create");
		const decides = frappe.perm.has_perm("Xero Connection", 0, "write");
		// What is done seldom is in a menu of its own, so that the row of buttons stays one row. Sentences say "press Reconnect" in any of these states:
		// where it is the thing to do, it stands in front.
		const menu = __("Connection");
		if (frappe.model.can_read("Xero Monthly Pack")) frm.add_custom_button(__("Preview Monthly Pack"), () => pack(frm, "picortex_xero.api.monthly_pack.preview", "print"), menu);
		const stands_still = ["Paused", "Disconnected"].includes(state);
		if (connects) frm.add_custom_button(__("Reconnect"), () => reconnect(frm), stands_still ? undefined : menu);
		// Whoever connects is shown the next step, and to whom to hand over.
		const only_read = !connects && frm.doc.__onload && frm.doc.__onload.whom_to_ask;
		if (only_read) frm.set_intro(frappe.utils.escape_html(only_read), "blue");
		if (!decides) return;
		if (["Setting Up", "Watch Only"].includes(state)) frm.add_custom_button(__("Go Live"), () => go_live(frm));
		if (state === "Setting Up") frm.add_custom_button(__("Watch Only"), () => watch_only(frm));
		if (state === "Watch Only") frm.add_custom_button(__("Stop Watching"), () => stop_watching(frm));
		const other_date = state === "Paused" && frm.doc.reason_code === "other-organisation-meanwhile";
		if (state === "Live" || other_date) frm.add_custom_button(__("Change Go-Live Date"), () => go_live(frm), other_date ? undefined : menu);
		if (state === "Paused") frm.add_custom_button(__("Resume"), () => resume(frm));
		if (state === "Live") frm.add_custom_button(__("Pause"), () => pause(frm));
		if (state === "Live") frm.add_custom_button(__("Compare With Xero"), () => compare(frm), menu);
		frm.add_custom_button(__("Send Monthly Pack Now"), () => frappe.confirm(__("Send the monthly pack to the people chosen here now?"), () => pack(frm, "picortex_xero.api.monthly_pack.send_now", "Form")), menu);
		frm.add_custom_button(__("Export Configuration"), () => configuration(frm, "export"), menu);
		frm.add_custom_button(__("Compare With File"), () => configuration(frm, "compare"), menu);
		frm.add_custom_button(__("Import Configuration"), () => configuration(frm, "import"), menu);
		if (state !== "Disconnected") frm.add_custom_button(__("Refresh From Xero"), () => call(frm, "refresh"));
		// One that was disconnected in Xero keeps its sign-in until a person lets go of it.
		if (state !== "Disconnected" || frm.doc.authorisation) frm.add_custom_button(__("Disconnect"), () => disconnect(frm), menu);
	},
});

// Beside each time the requests it takes a day, and below what all of them take together; nothing is said to be known at once.
function show_reading(frm) {
	const { reading } = frm.doc.__onload || {};
	if (!reading) return;
	const each = (field) => cint(frm.doc[field]) || reading.minutes[field];
	const costs = (field) => Math.ceil(1440 / each(field)) * reading.lists[field];
	for (const field of READING) {
		frm.set_df_property(field, "description", __("Minutes. What changes in Xero is known here within {0} minutes: {1} requests a day", [each(field), costs(field)]));
	}
	const together = READING.reduce((sum, field) => sum + costs(field), 0);
	const said = [
		together > reading.most
			? __("Together {0} requests a day, and there are {1}: choose longer times.", [together, reading.most])
			: __("Together {0} of the {1} requests a day that these may take.", [together, reading.most]),
		__("Only lists are read that documents from here are in. Of Xero's requests a day reading takes {0} at most; while a document waits for its approval in Xero, and after an event of the webhook, a list is read earlier.", [reading.a_day]),
		reading.looked_through
			? __("Once a week all lists are looked through at night, last on {0}.", [in_my_zone(reading.looked_through)])
			: __("Once a week all lists are looked through at night."),
	];
	const stay = Object.values(reading.stay || {}).reduce((sum, count) => sum + count, 0);
	if (stay) said.push(__("It has shown {0} records that people had entered in Xero before you chose that they come back, and that stay there: enter here by hand what belongs here.", [stay]));
	frm.get_field("reading_cost").$wrapper.html(`<p class="${together > reading.most ? "text-danger" : "text-muted"} small">${said.map(frappe.utils.escape_html).join("<br>")}</p>`);
}

// The configuration as a file is seldom needed: what handles it (export; upload, compare, import_file, outcome) is loaded then.
function configuration(frm, act) {
	frappe.require("/assets/picortex_xero/js/xero_configuration.js", () => picortex_xero.configuration[act](frm));
}

// Where the state is another one now the form is read anew, with its buttons.
async function show_again(frm) {
	const { message } = await frappe.db.get_value("Xero Connection", frm.doc.name, ["state", "modified"]);
	if (message && message.state && (message.state !== frm.doc.state || message.modified !== frm.doc.modified)) return frm.reload_doc();
	return show_guide(frm);
}

// First where it stands, and while it is being set up all that has to be right before it goes live.
async function show_guide(frm) {
	await show_setup(frm);
	if (frm.doc.state === "Watch Only" && frappe.model.can_read("Xero Preview Run")) await show_watched(frm);
	if (["Setting Up", "Watch Only"].includes(frm.doc.state)) await show_checklist(frm);
}

// A section of ours above the fields, in place of the one drawn before. The Desk remembers by class whether a section was folded, and its own class for
// such sections is that of every app: one fold anywhere would fold ours, too. While the company is being set up they are open each time the form is drawn.
function add_section(frm, name, html, label) {
	const kept = `custom ${name}-section`;
	frm.dashboard.parent.find(`.${name}`).closest(".custom").remove();
	if (frm.doc.state === "Setting Up") localStorage.removeItem(`${kept}-closed`);
	frm.dashboard.add_section(`<div class="${name}">${html}</div>`, label, kept);
	frm.dashboard.show();
}

// Organisation, state and last good call, the steps of the set-up, and the one next step as the only primary button beside the host's Save.
async function show_setup(frm) {
	const name = frm.doc.name;
	const { message: setup } = await frappe.call({ method: API + "setup", args: { connection: name }, type: "GET" });
	// The user may have moved on to another connection while the answer was on its way.
	if (frm.doc.name !== name || !setup) return;
	const text = frappe.utils.escape_html;
	const facts = [
		[__("Organisation"), setup.organisation || __("None yet")],
		[__("State"), __(setup.state)],
		[__("Last Good Call"), setup.last_good_call ? in_my_zone(setup.last_good_call) : __("None yet")],
	];
	const shown = facts.map(([label, value]) => `<span class="text-muted">${label}</span> <b>${text(value)}</b>`).join(" &nbsp; ");
	const button = setup.next.action ? `<button class="btn btn-primary btn-sm" data-next="1">${text(setup.next.label)}</button>&nbsp; ` : "";
	const next = setup.next.sentence ? `<p>${button}${text(setup.next.sentence)}</p>` : "";
	add_section(frm, "xero-setup", `<p>${shown}</p>${steps_of(setup.steps)}${next}`, __("Set-Up"));
	frm.dashboard.parent.find(".xero-setup [data-next]").on("click", () => act(frm, setup.next));
	frm.dashboard.parent.find(".xero-setup [data-step]").on("click", function () {
		const step = setup.steps.find((each) => each.key === this.dataset.step);
		if (step) open_step(frm, step);
	});
	frm.remove_custom_button(__("Give More Permissions"));
	if (setup.lacks.length && frappe.perm.has_perm("Xero Connection", 0, "create")) {
		frm.add_custom_button(__("Give More Permissions"), () => more_permissions(frm));
	}
}

// A row of steps, each with its colour, its name and its sentence.
function steps_of(steps) {
	if (!steps.length) return "";
	const text = frappe.utils.escape_html;
	const cells = steps.map(
		({ key, label, state, sentence }) =>
			`<td data-step="${key}" style="cursor: pointer; padding: 8px 6px; width: ${100 / steps.length}%" title="${text(sentence)}"><span class="indicator small ${COLOURS[state]}" style="white-space: nowrap">${text(label)}</span><div class="small text-muted" style="overflow-wrap: anywhere">${text(sentence)}</div></td>`
	);
	return `<div style="overflow-x: auto"><table class="table table-bordered small" style="table-layout: fixed; min-width: 900px"><tr>${cells.join("")}</tr></table></div>`;
}

// A time in UTC as the user's own clock shows it.
function in_my_zone(utc) {
	const zone = (frappe.boot.time_zone || {}).user || (frappe.boot.time_zone || {}).system;
	const time = moment.utc(utc);
	return (zone && time.tz ? time.tz(zone) : time.local()).format(`${frappe.boot.sysdefaults.date_format.toUpperCase()} HH:mm`);
}

function act(frm, step) {
	const actions = { reconnect, more_permissions, resume, go_live, hand_over, refresh: (form) => call(form, "refresh") };
	if (step.action === "choose") return frm.scroll_to_field(step.field);
	if (actions[step.action]) return actions[step.action](frm);
	return open_step(frm, step);
}

// The page of a step, or what stands for it on this form. An amber step that was opened is not the next one any more.
async function open_step(frm, step) {
	const pages = { accounts: ["xero-mapping", "accounts"], taxes: ["xero-mapping", "taxes"], payments: ["xero-mapping", "payments"], contacts: ["xero-contacts"], preview: ["xero-preview"], test: ["xero-test"] };
	if (frappe.perm.has_perm("Xero Connection", 0, "write")) {
		await frappe.call({ method: API + "step_opened", args: { connection: frm.doc.name, step: step.key } });
	}
	const [page, ...rest] = pages[step.key] || [];
	if (page) return frappe.set_route(page, frm.doc.name, ...rest);
	await frm.reload_doc();
}

// Whoever installs hands over to a Xero Admin, who is told in the Desk.
async function hand_over(frm) {
	const { message: people } = await frappe.call({ method: API + "colleagues", args: { connection: frm.doc.name }, type: "GET" });
	if (!people.length) {
		frappe.msgprint(__("Nobody who may see this company has the role Xero Admin yet. Give it to somebody in the list of users, then hand over."));
		return;
	}
	frappe.prompt(
		{
			fieldname: "user",
			fieldtype: "Select",
			label: __("Xero Admin"),
			options: people.map(({ user, name }) => ({ value: user, label: frappe.utils.escape_html(name === user ? user : `${name} (${user})`) })),
			default: people[0].user,
			reqd: 1,
		},
		async ({ user }) => {
			await frappe.call({ method: API + "hand_over", args: { connection: frm.doc.name, user }, freeze: true });
			frappe.show_alert({ message: __("{0} has been told", [frappe.utils.escape_html(user)]), indicator: "green" });
		},
		__("Hand Over"),
		__("Hand Over")
	);
}

// What is still missing is said instead of the question; else from which day on documents are watched.
async function watch_only(frm) {
	const { message } = await frappe.call({ method: API + "before_watching", args: { connection: frm.doc.name }, freeze: true });
	if (message.red.length) return say_what_is_missing(frm, message.red);
	frappe.prompt(
		[
			{ fieldname: "date", fieldtype: "Date", label: __("Watch documents dated from"), default: frappe.datetime.get_today(), reqd: 1 },
			{ fieldname: "said", fieldtype: "HTML", options: `<p>${__("Each of these documents is shown as it would go to Xero, and nothing is sent or changed there. You go live later, from whatever day you choose.")}</p>` },
		],
		({ date }) => call(frm, "watch_only", { date }),
		__("Watch Only"),
		__("Start Watching")
	);
}

function stop_watching(frm) {
	frappe.confirm(__("Stop watching? Nothing was sent. What was seen can still be read in the Preview; going live later finds the documents that count then."), () => call(frm, "stop_watching"));
}

// How many documents would have gone and how many would have been stopped, and the way to them.
async function show_watched(frm) {
	const name = frm.doc.name;
	const { message: seen } = await frappe.call({ method: "picortex_xero.api.preview.watched", args: { connection: name }, type: "GET" });
	if (frm.doc.name !== name || !seen || !seen.preview) return;
	const text = frappe.utils.escape_html;
	const told = [__("Would have gone: {0}. Would have been stopped: {1}. Not sent by a rule or setting: {2}.", [seen.go, seen.stopped, seen.not_sent])];
	if (seen.cured) told.push(__("Stopped first, cured since: {0}.", [seen.cured]));
	const said = told.join(" ");
	add_section(frm, "xero-watched", `<p>${text(said)} <a href="/app/xero-preview/${encodeURIComponent(name)}">${text(__("See each of them"))}</a></p>`, __("Watched Since {0}", [frappe.datetime.str_to_user(seen.from_date)]));
}

function pause(frm) {
	frappe.confirm(__("Stop sending until somebody presses Resume? What is submitted meanwhile is kept and waits."), () => call(frm, "pause"));
}

async function more_permissions(frm) {
	const { message: address } = await frappe.call({ method: API + "more_permissions", args: { connection: frm.doc.name }, freeze: true });
	if (address) window.location.href = address;
	else await frm.reload_doc();
}

// What keeps the connection from sending, and what to do: the same words as on the documents' forms and in notifications.
async function show_state(frm) {
	const colours = picortex_xero.connection_colours;
	frm.page.set_indicator(__(frm.doc.state), colours[frm.doc.state]);
	for (const name of ["reason", "cure"]) {
		const said = (doc) => frappe.utils.escape_html(picortex_xero.said(doc[name], doc.reason_parts, name));
		frm.get_docfield(name).formatter = (_value, _df, _options, doc) => said(doc || frm.doc);
		frm.refresh_field(name);
	}
	const name = frm.doc.name;
	const { message: standing } = await frappe.call({
		method: "picortex_xero.api.status.connection_status",
		args: { connection: name },
		type: "GET",
	});
	// The user may have moved on to another connection while the answer was on its way.
	if (frm.doc.name !== name || !standing.reason || frm.doc.state === "Setting Up") return;
	// Times are said in UTC, and read in the user's zone.
	const here = (text) => text.replace(/(\d{4}-\d\d-\d\d \d\d:\d\d) \(UTC\)/g, (_all, utc) => in_my_zone(utc.replace(" ", "T")));
	const lines = [standing.reason, standing.cure].filter(Boolean).map((text) => frappe.utils.escape_html(here(text)));
	frm.set_intro(lines.join("<br>"), frm.doc.state === "Live" ? "orange" : colours[frm.doc.state]);
}

// A custom connection has no page at Xero: its id and secret are entered again in Xero Settings.
async function reconnect(frm) {
	const { message } = await frappe.db.get_value("Xero Authorisation", frm.doc.authorisation || "", "grant_type");
	if (message && message.grant_type === "Custom Connection") return frappe.set_route("Form", "Xero Settings");
	const { message: address } = await frappe.call({ method: API + "start", freeze: true });
	// On the way back nobody is asked what is known (xero_settings.js).
	sessionStorage.setItem("xero_reconnects", frm.doc.name);
	window.location.href = address;
}

function add_links(frm) {
	// Places to go to, for whoever may read them: nothing is done there by going.
	const pages = [
		["xero-to-fix", __("To Fix")],
		["xero-mapping", __("Mapping")],
		["xero-contacts", __("Match contacts")],
		["xero-preview", __("Preview")],
		["xero-test", __("Test")],
	];
	for (const [page, label] of pages.filter(([page]) => (frappe.boot.page_info || {})[page])) {
		frm.add_custom_button(label, () => frappe.set_route(page, frm.doc.name), __("View"));
	}
	const mappings = ["Account", "Tax", "Payment", "Deduction", "Tracking"].map((kind) => `Xero ${kind} Mapping`);
	for (const doctype of [...mappings, "Xero Outbox Entry", "Xero Unlinked Record"].filter((each) => frappe.model.can_read(each))) {
		frm.add_custom_button(
			doctype === "Xero Unlinked Record" ? __("In Xero, and linked to nothing here") : __(doctype).replace(/^Xero[ -]/, ""),
			() => frappe.set_route("List", doctype, { connection: frm.doc.name }),
			__("View")
		);
	}
}

// What is printed, or what becomes of it, stands in the row that the call names.
async function pack(frm, method, view) {
	const { message } = await frappe.call({ method, args: { connection: frm.doc.name }, freeze: true });
	if (message) frappe.set_route(view, "Xero Monthly Pack", message);
}

async function call(frm, method, args) {
	await frappe.call({ method: API + method, args: { connection: frm.doc.name, ...args }, freeze: true });
	await frm.reload_doc();
}

// What is still missing is said instead of the question; else from which day on documents are sent, and how many that is.
async function go_live(frm) {
	const says = async (date) => {
		const { message } = await frappe.call({ method: API + "before_sending", args: { connection: frm.doc.name, date }, freeze: true });
		return message;
	};
	const first = frm.doc.go_live_date || frappe.datetime.get_today();
	const found = await says(first);
	if (!found) return;
	if (found.red.length) return say_what_is_missing(frm, found.red);
	const dialog = new frappe.ui.Dialog({
		title: ["Setting Up", "Watch Only"].includes(frm.doc.state) ? __("Go Live") : __("Change Go-Live Date"),
		fields: [
			{ fieldname: "date", fieldtype: "Date", label: __("Send documents dated from"), default: first, reqd: 1 },
			{ fieldname: "said", fieldtype: "HTML", options: what_is_sent(frm, first, found) },
		],
		primary_action_label: __("Start Sending"),
		async primary_action({ date }) {
			dialog.hide();
			await call(frm, "go_live", { date });
		},
	});
	dialog.fields_dict.date.df.onchange = async () => {
		const date = dialog.get_value("date");
		if (!date || date === dialog.xero_said) return;
		dialog.xero_said = date;
		const answer = await says(date);
		if (answer && dialog.get_value("date") === date) dialog.fields_dict.said.$wrapper.html(what_is_sent(frm, date, answer));
	};
	dialog.xero_said = first;
	dialog.show();
}

// Each line escaped: company and organisation are what people typed.
function what_is_sent(frm, date, { later, kept_back, exchange, earlier, open, opening }) {
	const day = frappe.datetime.str_to_user(date);
	const number = (count) => format_number(count, null, 0);
	const said = [
		__("From now on every document of {0} dated {1} or later is sent to {2}.", [frm.doc.company, day, picortex_xero.shown(frm.doc.organisation_name)]),
		!later
			? __("No submitted document is dated from then on.")
			: later === 1
			? __("One submitted document is dated from then on: it is sent at once, unless it is in Xero already or something it needs is missing, which To Fix then says.")
			: __("Up to {0} submitted documents dated from then on are sent at once: all but those that are in Xero already and those for which something is missing, which To Fix then lists.", [number(later)]),
	];
	if (kept_back) {
		said.push(
			kept_back === 1
				? __("One document dated from then on is an opening entry: it is not sent but waits under To Fix, which says what to do.")
				: __("{0} documents dated from then on are opening entries: they are not sent but wait under To Fix, which says what to do.", [number(kept_back)])
		);
	}
	if (exchange) {
		said.push(
			exchange === 1
				? __("One journal dated from then on is about exchange differences and is not sent: Xero computes its own.")
				: __("{0} journals dated from then on are about exchange differences and are not sent: Xero computes its own.", [number(exchange)])
		);
	}
	said.push(
		!earlier
			? __("No submitted document is dated before.")
			: earlier === 1
			? __("One submitted document is dated before and is not sent.")
			: __("{0} submitted documents are dated before and are not sent.", [number(earlier)])
	);
	if (open) {
		said.push(
			(open === 1 ? __("One of them is an invoice or bill that is not wholly paid.") : __("{0} of them are invoices and bills that are not wholly paid.", [number(open)])) +
				" " +
				__("Enter in Xero by hand what is still open of them (among Xero's conversion balances), unless it is there; a payment of such an invoice waits under To Fix until somebody says what becomes of it.")
		);
	}
	if (opening) {
		said.push(
			opening === 1
				? __("One of them is an opening invoice or bill: it is sent all the same, with what is still open of it, since Opening Invoices and Bills is on Create.")
				: __("{0} of them are opening invoices and bills: these are sent all the same, with what is still open of them, since Opening Invoices and Bills is on Create.", [number(opening)])
		);
	}
	return said.map((line) => `<p>${frappe.utils.escape_html(line)}</p>`).join("");
}

function say_what_is_missing(frm, red) {
	const text = frappe.utils.escape_html;
	const rows = red.map(({ message, cure }) => `<tr><td><span class="indicator red"></span></td><td>${text(message)}</td><td>${text(cure)}</td></tr>`);
	frappe.msgprint({
		title: __("Not Yet"),
		indicator: "red",
		wide: true,
		message: `<p>${text(__("This has to be right before {0} can go live:", [frm.doc.company]))}</p><table class="table table-bordered small"><tbody>${rows.join("")}</tbody></table>`,
	});
}

// What has to be right before going live: red stops it, amber is good to know.
async function show_checklist(frm) {
	const name = frm.doc.name;
	const { message: items } = await frappe.call({ method: API + "before_going_live", args: { connection: name }, type: "GET" });
	if (frm.doc.name !== name || !items) return;
	const colours = { green: "green", amber: "orange", red: "red" };
	const text = frappe.utils.escape_html;
	const rows = items.map(
		({ state, message, cure }) =>
			`<tr><td><span class="indicator ${colours[state]}"></span></td><td>${text(message)}</td><td>${text(cure)}</td></tr>`
	);
	const heads = ["", __("Before Going Live"), __("What to Do")].map((head) => `<th>${head}</th>`).join("");
	const table = `<table class="table table-bordered small"><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
	add_section(frm, "xero-checklist", table, __("Before Going Live"));
}

// What a restore or a copy of the site has left in Xero without a document here.
async function show_unlinked(frm) {
	const name = frm.doc.name;
	const { message: found } = await frappe.call({ method: API + "unlinked_records", args: { connection: name }, type: "GET" });
	if (frm.doc.name !== name) return;
	frm.dashboard.parent.find(".xero-unlinked").closest(".custom").remove();
	if (!found || !found.length) return;
	const text = (value) => frappe.utils.escape_html(picortex_xero.shown(value));
	const heads = [__("Record in Xero"), __("Number or Reference"), __("Document It Names"), __("Amount"), __("Date"), __("Status in Xero"), __("State")];
	const rows = found.map((record) => {
		const cells = [__(record.what), record.number, record.document, record.total, record.date, picortex_xero.state_in_xero(record.status, record), __(record.state)];
		return `<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join("")}</tr>`;
	});
	const table = `<table class="table table-bordered small"><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
	add_section(frm, "xero-unlinked", table, __("In Xero, and linked to nothing here"));
}

// Only what there is a reason to ask is asked: after a pause by hand nothing was copied or put back.
async function resume(frm) {
	const { message: doubt } = await frappe.call({ method: API + "before_resuming", args: { connection: frm.doc.name }, type: "GET" });
	if (!doubt) return;
	const asked = [];
	if (doubt.site && doubt.records) {
		asked.push(__("Is this the site that should send to Xero, and do the records listed here ({0}) belong to its documents? What is there already is linked, only the rest is sent. Stop every other copy of this site first.", [doubt.records]));
	} else if (doubt.site) asked.push(__("Is this the site that should send to Xero? A copy or a restored backup must not."));
	if (doubt.since) asked.push(__("Send everything dated {0} or later that this organisation does not have yet?", [frappe.datetime.str_to_user(doubt.since)]));
	const go_on = async () => {
		await call(frm, "resume");
		if (frm.doc.state === "Live") frappe.show_alert({ message: __("It sends again: what waited goes out"), indicator: "green" });
	};
	if (!asked.length) return go_on();
	frappe.confirm(asked.map((each) => `<p>${frappe.utils.escape_html(each)}</p>`).join(""), go_on);
}

// What else the sign-in opens is said first; ending it is a choice, since it takes those organisations away too.
async function disconnect(frm) {
	const { message: touched } = await frappe.call({
		method: API + "before_disconnecting",
		args: { connection: frm.doc.name },
		freeze: true,
	});
	const named = (names) => names.map(frappe.utils.escape_html).join(", ");
	const only_here = __("This site is not the one that went live: Xero is told nothing, and the site that sends keeps its connection. Only this copy lets go of it.");
	const said = touched.only_here ? [only_here] : [
		__("Stop sending and give the organisation back? Nothing is deleted here or in Xero; you can reconnect at any time. What is submitted meanwhile waits."),
		__("Another site that is connected to this organisation by the same Xero user and app, such as a staging site, loses it, too."),
	];
	if (touched.custom) said.push(__("A custom connection is ended in Xero: remove it under Connected Apps there, too"));
	if (touched.here.length) said.push(__("The sign-in at Xero stays: it is also used for {0}.", [named(touched.here)]));
	const asked = !touched.custom && !touched.here.length && (touched.elsewhere === null || touched.elsewhere.length > 0);
	if (asked && touched.elsewhere) said.push(__("The sign-in also gives this app access to {0}, perhaps on other sites.", [named(touched.elsewhere)]));
	if (asked && !touched.elsewhere) said.push(__("Xero does not say at the moment what else the sign-in gives access to."));
	if (asked && !touched.may_end) said.push(__("The sign-in at Xero stays: only whoever signed in may end it."));
	const fields = [{ fieldname: "said", fieldtype: "HTML", options: said.map((text) => `<p>${text}</p>`).join("") }];
	if (asked && touched.may_end) {
		fields.push({
			fieldname: "end",
			fieldtype: "Check",
			label: __("End the sign-in too, and with it access to all of these"),
		});
	}
	const dialog = new frappe.ui.Dialog({
		title: __("Disconnect"),
		fields,
		primary_action_label: __("Disconnect"),
		async primary_action({ end }) {
			dialog.hide();
			await call(frm, !asked ? "disconnect" : end ? "disconnect_and_end_sign_in" : "disconnect_only");
		},
	});
	dialog.show();
}

// Everything that the company has in Xero against what its documents would become today: a list of differences, nothing is changed.
async function compare(frm) {
	const { message: begun } = await frappe.call({
		method: "picortex_xero.api.compare.start",
		args: { connection: frm.doc.name },
		freeze: true,
	});
	frappe.set_route("Form", "Xero Comparison", begun);
}

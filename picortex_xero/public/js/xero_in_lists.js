// In the lists of documents that are sent: where each one stands in Xero, in the words and the colour of its form. One call for the rows that
// are shown; where it fails the list stays as it is.

frappe.provide("picortex_xero");

// The Desk runs this file with the list of each DocType that hooks.py names it for, after the DocType's own list script. A script that comes later
// may put other settings in the place of these: those get it too, and none gets it twice.
for (const doctype of frappe.boot.xero_documents || []) {
	const settings = (frappe.listview_settings[doctype] = frappe.listview_settings[doctype] || {});
	if (settings.shows_xero) continue;
	settings.shows_xero = true;
	const onload = settings.onload;
	settings.onload = function (list) {
		if (onload) onload.apply(this, arguments);
		show_xero_in(list);
	};
}

function show_xero_in(list) {
	if (list.xero_states || !list.render_list) return;
	list.xero_states = {};
	const render = list.render_list;
	// Rows are drawn anew whenever somebody saves a document: what was known is drawn with them, and asked for again.
	list.render_list = function () {
		const done = render.apply(this, arguments);
		say_before_bulk_cancel(list);
		draw_xero_states(list);
		ask_for_xero_states(list);
		list.xero_looks = 10;
		return done;
	};
	// What goes on its way arrives without anybody saving the document: asked again on coming back, and then for some minutes while something is on its way.
	const again = () => !document.hidden && list.$result.is(":visible") && ask_for_xero_states(list);
	const goes = () => Object.values(list.xero_states).some((each) => each.colour === "blue");
	list.xero_looks = 10;
	window.addEventListener("focus", () => {
		list.xero_looks = 10;
		again();
	});
	setInterval(() => goes() && list.xero_looks-- > 0 && again(), 30 * 1000);
	if (!frappe.model.can_read("Xero Outbox Entry")) return;
	const open = (filters) => frappe.set_route("List", "Xero Outbox Entry", "List", { reference_doctype: list.doctype, ...filters });
	list.page.add_menu_item(__("To fix in Xero"), () => open({ state: ["in", ["Held", "Needs Attention"]] }));
	// Of a document that is not in Xero its own record waits, or is left out: a note, a file, a fee or a taking-back of one that is there does not count.
	const waits = ["Pending", "Held", "Sending", "Unknown", "Needs Attention", "Skipped"];
	list.page.add_menu_item(__("Not in Xero"), () => open({ state: ["in", waits], role: ["in", frappe.boot.xero_own_roles[list.doctype]] }));
}

// What cancelling many does in Xero is said before anything is cancelled. The list's own Cancel then goes on as ever, with its own question.
function say_before_bulk_cancel(list) {
	// The word is the Desk's own.
	const label = window.__("Cancel", null, "Button in list view actions menu");
	const [link] = list.page.actions.find("a").filter((_at, each) => $(each).text().trim() === label);
	if (!link || link.xero_says) return;
	link.xero_says = true;
	let told = false;
	const go_on = () => {
		told = true;
		link.click();
	};
	// Before the Desk's own: who only reads has cancelled nothing.
	link.addEventListener(
		"click",
		(event) => {
			if (told) return (told = false);
			event.preventDefault();
			event.stopImmediatePropagation();
			return what_many_cancels_do(list).then((found) => (found.length ? ask_before_many_cancels(found, go_on) : go_on()));
		},
		true
	);
}

// Whatever cannot be asked keeps nobody from cancelling.
async function what_many_cancels_do(list) {
	const names = list.get_checked_items(true).slice(0, 500);
	if (!names.length) return [];
	try {
		const { message } = await frappe.call({ method: "picortex_xero.api.why.before_bulk_cancel", args: { doctype: list.doctype, names } });
		return message || [];
	} catch (error) {
		console.warn(error);
		return [];
	}
}

function ask_before_many_cancels(found, go_on) {
	const text = frappe.utils.escape_html;
	const of_company = ({ company, lines, by_hand, note }) => {
		const rows = lines.map((each) => `<li><span class="indicator ${each.colour}"></span> ${text(each.says)}: <b>${text(format_number(each.count, null, 0))}</b></li>`);
		const shown = by_hand.slice(0, 20).join(", ") + (by_hand.length > 20 ? " …" : "");
		const person = by_hand.length ? `<p>${text(__("Left to a person: {0}", [shown]))}</p>` : "";
		return `${found.length > 1 ? `<h5>${text(company)}</h5>` : ""}<ul class="list-unstyled xero-cancel">${rows.join("")}</ul>${person}${note ? `<p>${text(note)}</p>` : ""}`;
	};
	const dialog = new frappe.ui.Dialog({
		title: __("What happens in Xero"),
		fields: [{ fieldtype: "HTML", fieldname: "said", options: `<p>${__("Records in Xero of the selected documents:")}</p>${found.map(of_company).join("")}` }],
		primary_action_label: __("Go on to cancel"),
		primary_action() {
			dialog.hide();
			go_on();
		},
		secondary_action_label: __("Leave it as it is"),
		secondary_action: () => dialog.hide(),
	});
	dialog.show();
}

function ask_for_xero_states(list) {
	const names = (list.data || []).filter((doc) => doc.docstatus > 0).map((doc) => doc.name);
	const asked = (list.xero_asked = {});
	// However many rows the list shows: so many by each call.
	const most = 500;
	for (let at = 0; at < names.length; at += most) {
		const some = names.slice(at, at + most);
		const asked_of = new Set(some);
		frappe.call({
			method: "picortex_xero.api.home.list_states",
			args: { doctype: list.doctype, names: some },
			silent: true,
			callback({ message }) {
				// The page may have been turned meanwhile.
				if (!message || list.xero_asked !== asked) return;
				const said = Object.entries(list.xero_states).filter(([name]) => !asked_of.has(name));
				list.xero_states = { ...Object.fromEntries(said), ...message };
				draw_xero_states(list);
			},
			error() {},
		});
	}
}

function draw_xero_states(list) {
	list.$result.find(".xero-state").remove();
	list.$result.find(".list-row-checkbox").each((_at, box) => {
		const state = list.xero_states[box.dataset.name];
		if (!state) return;
		const pill = document.createElement("span");
		pill.className = `xero-state indicator-pill no-indicator-dot ${state.colour} ellipsis`;
		pill.style.cssText = "margin-left: 8px; flex: 0 0 auto; max-width: calc(100% - 6em); display: inline-block; line-height: 20px; padding-top: 0; padding-bottom: 0";
		pill.title = state.message;
		// The list has room for what is before the colon; the rest is read on pointing at it.
		pill.textContent = state.message.split(/[:：]/)[0];
		// A long name makes room for it; where that is not enough it ends in dots, too, and is not cut off.
		const subject = $(box).closest(".list-row-col");
		// Its wrapper has these classes only in rows that nobody has read.
		subject.find("a.ellipsis").parent().addClass("ellipsis").css({ "flex-shrink": 1, "min-width": 0 });
		subject.append(pill);
	});
}

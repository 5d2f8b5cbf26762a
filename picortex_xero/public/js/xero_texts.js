// Texts that came from Xero or from people, in lists, reports and read-only forms of the app's own DocTypes. The Desk draws Data and
// Autocomplete values unescaped in lists and reports, and escaped in forms; texts are stored with "<" as its entity where they could
// be HTML (engine/screen_texts.py). Here every one of them ends as the text it is, on each screen: never as HTML, never with the entity in sight.

frappe.provide("picortex_xero");

// The Desk runs this file with each page that hooks.py lists it for, all in one scope: what it names is its own.
(() => {
	picortex_xero.shown = (text) => String(text ?? "").replace(/&lt;/g, "<");

	// A stored text in the reader's language, from what it was made of (`parts`, by its `name` there; accounting/texts.py says how that is kept), or the
	// English text where that is all there is. A translation with other placeholders than its template is passed over.
	picortex_xero.said = (english, parts, name) => {
		let form;
		try {
			form = JSON.parse(parts || "{}")[name];
		} catch (error) {
			console.warn(error);
		}
		return english && form !== undefined ? picortex_xero.in_words(form) : picortex_xero.shown(english);
	};

	picortex_xero.in_words = (form) => {
		if (typeof form === "string") return form;
		// Dates and figures inside a sentence, in the formats of the reader's site.
		if (form.day) return frappe.datetime.str_to_user(form.day);
		if (form.amount) return format_number(form.amount, null, (form.amount.split(".")[1] || "").length);
		const [head, rest] = form;
		if (Array.isArray(rest)) return rest.map(picortex_xero.in_words).join(head);
		const names = (text) => [...new Set(text.match(/\{\w+\}/g) || [])].sort().join() + (/[{}]/.test(text.replace(/\{\w+\}/g, "")) ? "{" : "");
		const translated = __(head, null, "Xero");
		return (names(translated) === names(head) ? translated : head).replace(/\{(\w+)\}/g, (_all, name) => picortex_xero.in_words(rest[name]));
	};

	// Times of the app's own rows are UTC; the Desk takes what it is given for the site's time and shows it in the user's.
	picortex_xero.in_user_time = (utc) => {
		if (!utc) return "";
		const zone = frappe.boot.time_zone && frappe.boot.time_zone.system;
		const read = moment.utc(utc);
		return frappe.datetime.str_to_user((zone ? read.tz(zone) : read.local()).format(frappe.defaultDatetimeFormat));
	};

	// What may be drawn as HTML: no "<" is left, and one that was escaped twice is one again.
	// A field's formatter stands in for the Desk's own, so an empty value is its business too.
	picortex_xero.drawn = (value) => String(value ?? "").replace(/</g, "&lt;").replace(/&amp;lt;/g, "&lt;");

	// Xero's own words for the states of its records, as its API names them; attention/wording.py has the same. What is stored stays as it is, and so do
	// filters by it.
	const OF_APPROVED = { DRAFT: "Draft", SUBMITTED: "Awaiting approval", AUTHORISED: "Awaiting payment", PAID: "Paid", VOIDED: "Voided", DELETED: "Deleted" };
	const OF_OTHERS = { DRAFT: "Draft", AUTHORISED: "Entered", POSTED: "Posted", VOIDED: "Voided", DELETED: "Deleted", ACTIVE: "Active", ARCHIVED: "Archived" };
	// The field of a state in the app's own DocTypes; of a difference it is one where the record is gone.
	const STATE_IN_XERO = {
		"Xero Link": "remote_status",
		"Xero Contact": "status",
		"Xero Unlinked Record": "status",
		"Xero Test Record": "status",
		"Xero Difference": "there",
	};

	// `record`: the row with its `endpoint` and, of a link, its `remote_amount_due`; where a report leaves them out, the word fits every record.
	picortex_xero.state_in_xero = (status, record) => {
		const { endpoint, remote_amount_due: left } = record || {};
		const paid = status === "AUTHORISED" && left !== undefined && left !== null && !Number(left);
		// These are paid, and wait for that.
		const words = ["Invoices", "CreditNotes"].includes(endpoint) ? { ...OF_APPROVED, ...(paid && { AUTHORISED: "Paid" }) } : OF_OTHERS;
		const word = words[status] || OF_APPROVED[status];
		return word ? __(word, null, "Xero") : picortex_xero.shown(status);
	};

	// The colour of each state of a Xero Connection, on its form and in its list.
	picortex_xero.connection_colours = { "Setting Up": "blue", "Watch Only": "purple", Live: "green", Paused: "red", Disconnected: "grey", Retired: "grey" };

	// In an export the label says that the stored time is UTC; on a screen, where it is the user's own, it does not.
	const UTC = / \(UTC\)$/;

	function show_in_user_time(df) {
		df.formatter = picortex_xero.in_user_time;
		df.label = __(df.label, null, df.parent).replace(UTC, "");
	}

	// The Desk runs this file with the first of each DocType that hooks.py lists it for, and knows the fields of those only that it has shown: each
	// time those that are new get their formatter, and nothing is done twice.
	for (const [doctype, fields] of Object.entries(frappe.meta.docfield_map || {})) {
		if (!doctype.startsWith("Xero ")) continue;
		for (const df of Object.values(fields)) {
			if (["Data", "Autocomplete"].includes(df.fieldtype) && !df.formatter) df.formatter = picortex_xero.drawn;
			if (df.fieldtype === "Datetime" && UTC.test(df.label) && !df.formatter) show_in_user_time(df);
			// Frappe translates a choice with its DocType only where it can be chosen.
			if (df.fieldtype === "Select" && !df.formatter) df.formatter = (value) => picortex_xero.drawn(__(value, null, doctype));
			if (STATE_IN_XERO[doctype] === df.fieldname) show_state_in_xero(doctype, df);
			if (df.fieldtype === "Small Text" && df.in_list_view) draw_in_list(doctype, df.fieldname);
		}
	}

	function show_state_in_xero(doctype, df) {
		const is_one = (doc) => doctype !== "Xero Difference" || (doc && doc.kind === "Gone in Xero");
		df.formatter = (value, _df, _options, doc) => picortex_xero.drawn(is_one(doc) ? picortex_xero.state_in_xero(value, doc) : value);
		const needed = ["endpoint", "remote_amount_due", "kind"].filter((field) => frappe.meta.docfield_map[doctype][field]);
		const settings = (frappe.listview_settings[doctype] = frappe.listview_settings[doctype] || {});
		settings.add_fields = [...new Set([...(settings.add_fields || []), ...needed])];
	}

	// A list escapes what a form does not.
	function draw_in_list(doctype, fieldname) {
		const settings = (frappe.listview_settings[doctype] = frappe.listview_settings[doctype] || {});
		settings.formatters = settings.formatters || {};
		const parts = `${fieldname}_parts`;
		if (frappe.meta.docfield_map[doctype][parts]) settings.add_fields = [...new Set([...(settings.add_fields || []), parts])];
		settings.formatters[fieldname] = (value, _df, doc) => {
			const text = frappe.utils.escape_html(picortex_xero.said(value, doc && doc[parts], fieldname));
			return `<span class="ellipsis" title="${text}">${text}</span>`;
		};
	}
})();

// A document that somebody has changed or removed in Xero: both sides, field by field, and a person's choice.

(() => {
	const CHANGES = "picortex_xero.api.changes.";
	const escaped = (text) => frappe.utils.escape_html(String(text ?? ""));
	const LABELS = { take_over: () => __("Take It Over"), put_back: () => __("Put It Back"), leave: () => __("Leave It"), tell: () => __("Tell Somebody") };

	// A value as this site writes it.
	const shown = (value, as, currency) => {
		if (value === "" || value === null || value === undefined) return "";
		if (as === "date") return frappe.datetime.str_to_user(value);
		if (as === "money") return format_currency(value, currency || undefined);
		if (["price", "number", "percent"].includes(as)) return format_number(value, null, (String(value).replace(/0+$/, "").split(".")[1] || "").length);
		return value;
	};
	const cell = (value, as, currency, differs, side) => {
		const right = ["money", "price", "number", "percent"].includes(as) ? " text-right" : "";
		const mark = differs ? (side === "here" ? "background: var(--bg-blue); font-weight: 600;" : "background: var(--bg-orange); font-weight: 600;") : "";
		return `<td class="${right}" style="white-space: pre-line; ${mark}">${escaped(shown(value, as, currency))}</td>`;
	};

	const fields = (record) => {
		const rows = record.fields.map((each) => {
			const sides = ["here", "there"].map((side) => cell(each[side], each.as, record.currency, each.differs, side)).join("");
			return `<tr><td class="text-muted">${escaped(each.label)}</td>${sides}</tr>`;
		});
		return `<table class="table table-bordered table-condensed" style="table-layout: fixed"><thead><tr><th style="width: 22%"></th><th>${escaped(__("ERPNext"))}</th><th>${escaped(__("Xero"))}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
	};

	const lines = (record) => {
		if (!record.lines.length) return "";
		const head = record.columns.map((each) => `<th>${escaped(each.label)}</th>`).join("");
		const row = (line, side, name) => {
			if (!line[side]) return `<tr><td class="text-muted">${escaped(name)}</td><td colspan="${record.columns.length}" class="text-muted">${escaped(__("No such line"))}</td></tr>`;
			const cells = line[side].map((value, at) => cell(value, record.columns[at].as, record.currency, line.differs[at], side)).join("");
			return `<tr><td class="text-muted">${escaped(name)}</td>${cells}</tr>`;
		};
		const rows = record.lines.map((line) => row(line, "here", __("ERPNext")) + row(line, "there", __("Xero"))).join("");
		return `<div style="overflow-x: auto"><table class="table table-bordered table-condensed"><thead><tr><th></th>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
	};

	const page = (record) => {
		if (!record.page) return "";
		return ` <a href="${escaped(record.page)}" target="_blank" rel="noopener noreferrer">${escaped(__("Open in Xero"))}</a>`;
	};

	const draw = (frm, seen) => {
		const records = seen.records.map((each) => `<h6>${escaped(each.called)}${page(each)}</h6>${fields(each)}${lines(each)}`).join("");
		const choices = seen.choices.map((each) => {
			const why = each.why ? `<div class="text-danger">${escaped(each.why)}</div>` : "";
			return `<li style="margin-bottom: 4px"><b>${escaped(LABELS[each.choice]())}</b>: ${escaped(each.says)}${why}</li>`;
		});
		const progress = seen.progress ? `<div class="alert alert-info">${escaped(seen.progress)}</div>` : "";
		const may = choices.length ? `<h6>${escaped(__("What you may choose"))}</h6><ul>${choices.join("")}</ul>` : "";
		frm.get_field("comparison").$wrapper.html(`${progress}${may}${records}`);
	};

	const press = async (frm, method, args = {}) => {
		const answer = await frappe.call({ method: CHANGES + method, args: { change: frm.doc.name, ...args }, freeze: true });
		await frm.reload_doc();
		return answer.message;
	};

	const choose = {
		take_over: (frm, choice) =>
			frappe.confirm(escaped(choice.says) + "?", async () => {
				const made = await press(frm, "take_over");
				if (made && made.name) frappe.set_route("Form", made.doctype, made.name);
			}),
		put_back: (frm, choice) => frappe.confirm(escaped(choice.says) + "?", () => press(frm, "put_back")),
		leave: (frm) =>
			frappe.prompt([{ fieldname: "reason", fieldtype: "Small Text", label: __("Why both sides stay as they are"), reqd: 1 }], (values) => press(frm, "leave", values), __("Leave It"), __("Leave It")),
		tell: async (frm) => {
			const people = (await frappe.call({ method: CHANGES + "people", args: { change: frm.doc.name } })).message || [];
			const options = people.map((each) => ({ value: each.user, label: each.name }));
			const asked = [
				{ fieldname: "user", fieldtype: "Select", label: __("Who looks at it"), options, reqd: 1, default: options.length ? options[0].value : "" },
				{ fieldname: "note", fieldtype: "Small Text", label: __("Note") },
			];
			frappe.prompt(asked, (values) => press(frm, "tell", { user: values.user, note: values.note || "" }), __("Tell Somebody"), __("Tell Somebody"));
		},
	};

	frappe.ui.form.on("Xero Changed Record", {
		async refresh(frm) {
			const name = frm.doc.name;
			const seen = (await frappe.call({ method: CHANGES + "show", args: { change: name } })).message;
			if (!seen || frm.doc.name !== name) return;
			draw(frm, seen);
			// Whoever only reads presses nothing (overrides/boot.py).
			if (!frappe.boot.xero_presses) return;
			const may = Object.fromEntries(seen.choices.map((each) => [each.choice, each]));
			if (may.take_over && may.take_over.may) frm.add_custom_button(__("Take It Over"), () => choose.take_over(frm, may.take_over));
			if (may.put_back && may.put_back.may) frm.add_custom_button(__("Put It Back"), () => choose.put_back(frm, may.put_back));
			if (may.leave) frm.add_custom_button(__("Leave It"), () => choose.leave(frm));
			if (may.tell) frm.add_custom_button(__("Tell Somebody"), () => choose.tell(frm));
		},
	});
})();

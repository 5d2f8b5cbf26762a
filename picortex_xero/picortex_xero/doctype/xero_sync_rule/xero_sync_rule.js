// The conditions of a rule as rows of drop-downs: a field of the documents that the rule is about, an operator by the field's type, a value by its type.

const XERO_DOCTYPES = {
	for_invoices: "Sales Invoice",
	for_bills: "Purchase Invoice",
	for_credit_notes: "Sales Invoice",
	for_supplier_credit_notes: "Purchase Invoice",
	for_payments: "Payment Entry",
	for_journals: "Journal Entry",
};
// As documents/rules/fields.py and conditions.py have them: what is meant alike in all kinds, and the operators by type.
const XERO_OWN_FIELDS = {
	name: { label: __("Number of the document"), type: "text" },
	amount: { label: __("Amount in company currency"), type: "number" },
	customer: { label: __("Customer"), type: "text", options: "Customer" },
	supplier: { label: __("Supplier"), type: "text", options: "Supplier" },
	customer_group: { label: __("Customer Group"), type: "text", options: "Customer Group", tree: true },
	supplier_group: { label: __("Supplier Group"), type: "text", options: "Supplier Group", tree: true },
	territory: { label: __("Territory"), type: "text", options: "Territory", tree: true },
	cost_center: { label: __("Cost Center (of the document or a line)"), type: "text", options: "Cost Center", tree: true },
	project: { label: __("Project (of the document or a line)"), type: "text", options: "Project" },
};
const XERO_TYPES = { Currency: "number", Float: "number", Int: "number", Percent: "number", Duration: "number", Rating: "number", "Long Int": "number", Date: "date", Datetime: "date", Check: "check" };
const XERO_NO_VALUE = "Section Break,Column Break,Tab Break,HTML,Button,Table,Table MultiSelect,Image,Fold,Heading,Password,Attach,Attach Image,Signature,Geolocation,Code,JSON,HTML Editor,Text Editor,Markdown Editor,Barcode,Icon".split(",");
const XERO_OPERATORS = {
	number: ["=", "!=", ">", ">=", "<", "<=", "in", "not in", "is set", "is not set"],
	date: ["=", "!=", ">", ">=", "<", "<=", "is set", "is not set"],
	check: ["="],
	text: ["=", "!=", "in", "not in", "contains", "is set", "is not set"],
};
const XERO_SAYS = {
	"=": __("is"), "!=": __("is not"), ">": __("is more than"), ">=": __("is at least"), "<": __("is less than"), "<=": __("is at most"), in: __("is one of"), "not in": __("is none of"),
	contains: __("contains"), "is set": __("is set"), "is not set": __("is not set"), "is or is below": __("is, or is below"),
};
const XERO_BELOW = "is or is below";

frappe.ui.form.on("Xero Sync Rule", {
	setup(frm) {
		// In the table of steps and in the form of one of them.
		frm.$wrapper.on("focusin", "[data-fieldname=approval_steps] [data-fieldname=people] textarea, .grid-row-open [data-fieldname=people] textarea", (event) => xero_offer_people(event.currentTarget));
	},
	refresh(frm) {
		frm.toggle_display("conditions", false);
		if (!frm.is_new()) {
			frm.add_custom_button(__("All Rules"), () => frappe.set_route("xero-rules", frm.doc.connection));
		} else if (!frm.doc.connection) {
			// Where there is one company, nobody has to choose.
			frappe.db.get_list("Xero Connection", { filters: { state: ["!=", "Retired"] }, fields: ["name"], limit: 2 }).then((found) => {
				if (found.length === 1 && !frm.doc.connection) frm.set_value("connection", found[0].name);
			});
		}
		xero_draw_builder(frm);
	},
	...Object.fromEntries(Object.keys(XERO_DOCTYPES).map((field) => [field, (frm) => xero_draw_builder(frm)])),
});

// People are chosen from users as in a field of links, one a line: what is typed in the last line is looked for.
function xero_offer_people(textarea) {
	if (textarea.xero_offers) return;
	const lines = () => textarea.value.split("\n");
	const offers = new Awesomplete(textarea, {
		minChars: 1,
		maxItems: 10,
		autoFirst: false,
		filter: () => true,
		sort: false,
		item: ({ label }) => $("<li>").attr("role", "option").text(label).get(0),
		replace({ value }) {
			textarea.value = [...lines().slice(0, -1), value].join("\n");
			$(textarea).trigger("change");
		},
	});
	textarea.xero_offers = offers;
	// It was put into another element, which takes the cursor out of it.
	textarea.focus();
	textarea.addEventListener(
		"input",
		frappe.utils.debounce(async () => {
			const typed = lines().pop().trim();
			if (!typed) return;
			const found = await frappe.db.get_link_options("User", typed, { enabled: 1, user_type: "System User" });
			if (lines().pop().trim() !== typed) return;
			offers.list = (found || []).map(({ value, description }) => ({ value, label: [value, description].filter(Boolean).join(", ") }));
			offers.evaluate();
		}, 200)
	);
}

// The fields that every kind of the rule's documents has, by name: label, type, options, tree.
async function xero_fields(frm) {
	const doctypes = [...new Set(Object.keys(XERO_DOCTYPES).filter((field) => frm.doc[field]).map((field) => XERO_DOCTYPES[field]))];
	await Promise.all(doctypes.map((doctype) => frappe.model.with_doctype(doctype)));
	const of = (doctype) => (frappe.get_meta(doctype) || { fields: [] }).fields.filter((df) => !XERO_NO_VALUE.includes(df.fieldtype) && !XERO_OWN_FIELDS[df.fieldname]);
	const found = { ...XERO_OWN_FIELDS };
	const others = doctypes.map((doctype) => new Set(of(doctype).map((df) => df.fieldname)));
	const common = doctypes.length ? of(doctypes[0]).filter((df) => others.every((names) => names.has(df.fieldname))) : [];
	for (const df of common) {
		found[df.fieldname] = { label: `${__(df.label || df.fieldname)} (${df.fieldname})`, type: XERO_TYPES[df.fieldtype] || "text", options: df.fieldtype === "Link" ? df.options : "", choices: df.fieldtype === "Select" ? df.options : "" };
	}
	const linked = [...new Set(common.filter((df) => df.fieldtype === "Link").map((df) => df.options))];
	const { message: trees } = await frappe.call({ method: "picortex_xero.api.rules.trees", args: { doctypes: JSON.stringify(linked) }, type: "GET" });
	for (const df of common) found[df.fieldname].tree = df.fieldtype === "Link" && (trees || []).includes(df.options);
	return found;
}

async function xero_draw_builder(frm) {
	const asked = (frm.xero_builder_asked = {});
	const fields = await xero_fields(frm);
	if (frm.xero_builder_asked !== asked) return;
	const $at = frm.get_field("builder").$wrapper.empty();
	const may = frm.perm[0] && frm.perm[0].write;
	const rows = frm.doc.conditions || [];
	if (!rows.length) $(`<p class="text-muted"></p>`).text(__("No conditions: the rule is about all of these documents")).appendTo($at);
	rows.forEach((row, at) => xero_draw_row(frm, $at, row, at, fields, may));
	if (!may) return;
	const add = (joined) => {
		frm.add_child("conditions", { joined, field_name: "amount", operator: ">", value: "" });
		frm.dirty();
		xero_draw_builder(frm);
	};
	$(`<button class="btn btn-xs btn-default"></button>`).text(rows.length ? __("And ...") : __("Add a Condition")).on("click", () => add("and")).appendTo($at);
	if (rows.length) $(`<button class="btn btn-xs btn-default" style="margin-left: 8px"></button>`).text(__("Or ...")).on("click", () => add("or")).appendTo($at);
}

function xero_draw_row(frm, $at, row, at, fields, may) {
	const set = (name, value) => {
		row[name] = value;
		frm.dirty();
	};
	const $row = $('<div class="xero-condition" style="display: flex; gap: 8px; align-items: flex-start; margin-bottom: 6px"></div>').appendTo($at);
	if (row.joined === "or" && at) $row.css({ "margin-top": "14px" });
	const says = at === 0 ? __("where") : row.joined === "or" ? __("or where") : __("and");
	$('<div style="width: 70px; padding-top: 5px" class="text-muted"></div>').text(says).appendTo($row);
	const names = Object.keys(fields);
	if (!names.includes(row.field_name)) names.push(row.field_name);
	const label = (name) => (fields[name] ? fields[name].label : __("{0}: there is no such field", [name]));
	const own = (name) => (XERO_OWN_FIELDS[name] ? 0 : 1);
	names.sort((a, b) => own(a) - own(b) || (own(a) ? label(a).localeCompare(label(b)) : 0));
	const $field = xero_select(names, row.field_name, label).css({ width: "270px" }).appendTo($row);
	const field = fields[row.field_name] || { type: "text" };
	const operators = [...XERO_OPERATORS[field.type], ...(field.tree ? [XERO_BELOW] : [])];
	if (!operators.includes(row.operator)) operators.push(row.operator);
	const $operator = xero_select(operators, row.operator, (operator) => (operator === "=" && field.type === "check" ? __("is") : XERO_SAYS[operator] || operator)).css({ width: "150px" }).appendTo($row);
	const $value = $('<div style="width: 280px"></div>').appendTo($row);
	if (!["is set", "is not set"].includes(row.operator)) xero_value(frm, $value, row, field, set, may);
	$field.on("change", () => {
		set("field_name", $field.val());
		set("operator", XERO_OPERATORS[(fields[$field.val()] || { type: "text" }).type][0]);
		set("value", "");
		xero_draw_builder(frm);
	});
	$operator.on("change", () => {
		const several = (operator) => ["in", "not in"].includes(operator);
		if (several(row.operator) !== several($operator.val()) || $operator.val().startsWith("is ")) set("value", several($operator.val()) ? row.value : "");
		set("operator", $operator.val());
		xero_draw_builder(frm);
	});
	$row.find("select").prop("disabled", !may);
	if (!may) return;
	$('<button class="btn btn-xs btn-default" style="margin-top: 3px"></button>').text(__("Remove")).on("click", () => {
		frm.doc.conditions.splice(at, 1);
		frm.doc.conditions.forEach((each, place) => (each.idx = place + 1));
		frm.dirty();
		xero_draw_builder(frm);
	}).appendTo($row);
}

function xero_select(values, chosen, says) {
	const $select = $('<select class="form-control input-xs" style="appearance: auto"></select>');
	for (const value of values) $("<option></option>").attr("value", value).text(says(value)).prop("selected", value === chosen).appendTo($select);
	return $select;
}

// The value's control, by the field's type: a link, a date, a number, yes or no, one of a field's choices, or text.
function xero_value(frm, $at, row, field, set, may) {
	const several = ["in", "not in"].includes(row.operator);
	const choices = (field.choices || "").split("\n").filter(Boolean);
	let df = { fieldtype: "Data" };
	if (several) df = { fieldtype: "Small Text", placeholder: __("One value a line") };
	else if (field.type === "check") df = { fieldtype: "Select", options: [{ value: "1", label: __("Yes") }, { value: "0", label: __("No") }] };
	else if (field.type === "date") df = { fieldtype: "Date" };
	else if (row.operator === "contains") df = { fieldtype: "Data" };
	else if (field.options) df = { fieldtype: "Link", options: field.options };
	else if (choices.length) df = { fieldtype: "Select", options: choices };
	const control = frappe.ui.form.make_control({
		parent: $at,
		df: { ...df, fieldname: "value", read_only: may ? 0 : 1, change: () => control.get_value() !== row.value && set("value", String(control.get_value() ?? "")) },
		only_input: true,
		render_input: true,
	});
	control.set_value(row.value || "");
	if (several) $(control.$input).css({ height: "70px" });
}

// Fills the drop-downs of the mapping forms with what the connected organisation offers.

const XERO_CHOICES = {
	"Xero Connection": {
		default_sales_account: "accounts",
		default_purchase_account: "accounts",
		rounding_account: "accounts",
		no_tax_type: "untaxed",
		default_payment_account: "payment_accounts",
		advance_account_sales: "accounts",
		advance_account_purchases: "accounts",
		clearing_account: "clearing_accounts",
	},
	"Xero Account Mapping": { xero_account_code: "accounts" },
	"Xero Tax Mapping": { tax_type: "tax_rates", tax: "host_taxes" },
	"Xero Payment Mapping": { xero_account_id: "payment_accounts" },
	"Xero Deduction Mapping": { tax_type: "tax_rates", clearing_account: "bank_accounts" },
	"Xero Tracking Mapping": { tracking_category: "categories" },
	"Xero Cash Choice": { received_tax_type: "tax_rates", paid_tax_type: "tax_rates" },
};

frappe.provide("picortex_xero");

// The Desk runs this file with the first form of each DocType that hooks.py lists it for: handlers are for all of them, and once.
if (!picortex_xero.offers_choices) {
	picortex_xero.offers_choices = true;
	for (const doctype of Object.keys(XERO_CHOICES)) {
		frappe.ui.form.on(doctype, { refresh: fill_choices, connection: fill_choices, tracking_category: fill_options });
	}
	frappe.ui.form.on("Xero Account Mapping", { account: offer_of_class, other_class: offer_of_class });
}

async function fill_choices(frm) {
	const connection = frm.doctype === "Xero Connection" ? !frm.is_new() && frm.doc.name : frm.doc.connection;
	if (!connection) return fill_only_connection(frm);
	if (frm.choices_of === connection) return;
	const { message: choices } = await frappe.call({
		method: "picortex_xero.api.connect.choices",
		args: { connection },
		type: "GET",
	});
	frm.choices_of = connection;
	frm.choices = choices;
	for (const [fieldname, list] of Object.entries(XERO_CHOICES[frm.doctype])) {
		offer(frm.fields_dict[fieldname], choices[list]);
	}
	if (frm.fields_dict.tracking_option) fill_options(frm);
	if (frm.doctype === "Xero Account Mapping") offer_of_class(frm);
	if (frm.fields_dict.account || frm.fields_dict.cost_center) limit_to_company(frm, connection);
}

async function fill_only_connection(frm) {
	if (!frm.is_new() || !frm.fields_dict.connection) return;
	const connections = await frappe.db.get_list("Xero Connection", { filters: { state: ["!=", "Retired"] }, limit: 2 });
	if (connections.length === 1) frm.set_value("connection", connections[0].name);
}

function fill_options(frm) {
	const options = (frm.choices && frm.choices.options[frm.doc.tracking_category]) || [];
	offer(frm.fields_dict.tracking_option, options);
}

// Income is offered revenue accounts, expenses expense accounts, balances accounts of the balance sheet; all of them for another class on purpose.
async function offer_of_class(frm) {
	if (!frm.choices) return;
	const found = frm.doc.account && !frm.doc.other_class && (await frappe.db.get_value("Account", frm.doc.account, "root_type"));
	const kind = found && found.message ? frm.choices.kinds[found.message.root_type] : "";
	offer(frm.fields_dict.xero_account_code, frm.choices.accounts.filter((each) => !kind || !each.kind || each.kind === kind));
}

// The Desk's drop-down draws labels and descriptions as HTML, and they are what somebody typed in Xero: these are drawn as text. The
// labels themselves stay as they are, for the input shows them too.
function offer(field, choices) {
	const settings = Object.getPrototypeOf(field).get_awesomplete_settings;
	field.get_awesomplete_settings = function () {
		return { ...settings.call(this), item: draw_choice, autoFirst: false };
	};
	// What stands first is nobody's choice: Enter takes only what was gone to.
	if (field.awesomplete) Object.assign(field.awesomplete, { item: draw_choice, autoFirst: false });
	field.set_data(choices);
	// Who may only read sees the label, too; and a value that stood there before the choices came gets its own.
	const labels = new Map((choices || []).map((each) => [each.value, each.label]));
	field.df.formatter = (value) => frappe.utils.escape_html(labels.get(value) || value || "");
	field.refresh();
}

function draw_choice(item) {
	const choice = this.get_item(item.value) || item;
	const shown = $("<p></p>").append($("<strong></strong>").text(choice.label || choice.value));
	if (choice.description) shown.append("<br>", $('<span class="small"></span>').text(choice.description));
	return $("<li></li>")
		.data("item.autocomplete", choice)
		.prop("aria-selected", "false")
		.append($("<a></a>").append(shown))
		.get(0);
}

async function limit_to_company(frm, connection) {
	const { message } = await frappe.db.get_value("Xero Connection", connection, "company");
	const fieldname = frm.fields_dict.account ? "account" : "cost_center";
	const money = frm.doctype === "Xero Payment Mapping" ? { root_type: ["!=", "Income"], account_type: ["not in", ["Receivable", "Payable"]] } : {};
	frm.set_query(fieldname, () => ({ filters: { company: message.company, is_group: 0, ...money } }));
}

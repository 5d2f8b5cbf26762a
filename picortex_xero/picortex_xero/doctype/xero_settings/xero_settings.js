// Xero Settings: the checks before connecting, signing in at Xero, and choosing company and organisation on the way back.

const CONNECT = "picortex_xero.api.connect.";

frappe.ui.form.on("Xero Settings", {
	// A secret does not travel inside the document: what goes wrong while one is saved is logged with all of it.
	before_save(frm) {
		frm.typed = { keep_secret: frm.doc.new_client_secret, keep_webhook_key: frm.doc.new_webhook_key };
		frm.doc.new_client_secret = frm.doc.new_webhook_key = "";
	},
	async after_save(frm) {
		const typed = Object.entries(frm.typed || {}).filter(([, secret]) => secret);
		frm.typed = {};
		for (const [method, secret] of typed) await frappe.call({ method: CONNECT + method, args: { secret }, freeze: true });
		if (typed.length) frm.reload_doc();
	},
	refresh(frm) {
		const refused = frm.doc.__onload && frm.doc.__onload.refused_address;
		if (refused) frm.set_intro(frappe.utils.escape_html(refused), "red");
		const only_read = frm.doc.__onload && frm.doc.__onload.whom_to_ask;
		if (only_read && !refused) frm.set_intro(frappe.utils.escape_html(only_read), "blue");
		// Whoever may only read here connects nothing.
		if (!frappe.model.can_create("Xero Connection")) return;
		show_checks(frm);
		if (frm.doc.client_id && frm.doc.secret_is_set && !frm.is_dirty()) {
			frm.add_custom_button(__("Connect to Xero"), async () => {
				const { message: address } = await frappe.call({ method: CONNECT + "start", freeze: true });
				sessionStorage.removeItem("xero_reconnects");
				window.location.href = address;
			}).addClass("btn-primary");
		}
		// Few have one: it stands apart from the way that everybody goes.
		frm.add_custom_button(__("Custom Connection"), () => custom_connection(), __("Other Ways to Connect"));
		frm.add_custom_button(__("Check Again"), () => check_again(frm));
		const authorisation = frappe.utils.get_url_arg("authorisation");
		if (authorisation && !frm.organisation_asked) {
			frm.organisation_asked = true;
			choose_organisation(authorisation);
		}
	},
});

// What Xero would refuse and what of this site has to run; the companies that are connected; before there is one, the steps that follow.
async function show_checks(frm) {
	const { message: found } = await frappe.call({ method: CONNECT + "checks_before_connecting", type: "GET" });
	if (!found) return;
	draw_checks(frm, found.checks);
	const text = frappe.utils.escape_html;
	frm.dashboard.parent.find(".xero-companies").closest(".custom").remove();
	const colours = { green: "green", amber: "orange", red: "red", grey: "gray" };
	const companies = found.connections.map(
		({ name, company, organisation, state }) =>
			`<tr><td><a href="/app/xero-connection/${encodeURIComponent(name)}">${text(company)}</a></td><td>${text(organisation)}</td><td>${__(state)}</td></tr>`
	);
	const heads = [__("Company"), __("Xero Organisation"), __("State")].map((head) => `<th>${head}</th>`).join("");
	const steps = found.steps.map(
		({ label, state, sentence }) =>
			`<td><span class="indicator ${colours[state]}">${text(label)}</span><div class="small text-muted">${text(sentence)}</div></td>`
	);
	const table = companies.length ? `<thead><tr>${heads}</tr></thead><tbody>${companies.join("")}</tbody>` : `<tbody><tr>${steps.join("")}</tr></tbody>`;
	frm.dashboard.add_section(
		`<div class="xero-companies" style="overflow-x: auto"><table class="table table-bordered small">${table}</table></div>`,
		companies.length ? __("Connected Companies") : __("What Follows")
	);
	frm.dashboard.show();
}

function draw_checks(frm, checks) {
	const text = frappe.utils.escape_html;
	const colours = { green: "green", amber: "orange", red: "red" };
	const rows = checks.map(
		({ state, message, cure }) =>
			`<tr><td><span class="indicator ${colours[state]}"></span></td><td>${text(message)}</td><td>${text(cure)}</td></tr>`
	);
	frm.dashboard.parent.find(".xero-checks").closest(".custom").remove();
	frm.dashboard.add_section(
		`<div class="xero-checks"><table class="table table-bordered small"><tbody>${rows.join("")}</tbody></table></div>`,
		__("Checks Before You Connect")
	);
	frm.dashboard.show();
}

// The same, and the time compared with Xero's: the only thing here that asks Xero.
async function check_again(frm) {
	const { message: checks } = await frappe.call({ method: CONNECT + "checks_with_xeros_clock", freeze: true });
	if (checks) draw_checks(frm, checks);
}

// A custom connection is made for one organisation at developer.xero.com, and has an id and a secret of its own.
function custom_connection() {
	const dialog = new frappe.ui.Dialog({
		title: __("Custom Connection"),
		fields: [
			{ fieldname: "said", fieldtype: "HTML", options: `<p>${__("A custom connection is a paid way of Xero's to connect one single organisation without anybody signing in. Most do not need it: Connect to Xero is for everybody.")}</p><p>${__("Make it at developer.xero.com for the one organisation, have it authorised there, and enter its ID and secret here. To reconnect, enter them once more.")}</p>` },
			{ fieldname: "client_id", fieldtype: "Data", label: __("Client ID"), reqd: 1 },
			{ fieldname: "secret", fieldtype: "Data", label: __("Client Secret"), reqd: 1 },
		],
		primary_action_label: __("Connect"),
		async primary_action({ client_id, secret }) {
			const { message: authorisation } = await frappe.call({ method: CONNECT + "custom_connection", args: { client_id, secret }, freeze: true });
			dialog.hide();
			choose_organisation(authorisation);
		},
	});
	dialog.show();
}

// The company that there is no doubt about, where the site has only one. Which organisation is its own stays a choice where there are several.
async function only_company() {
	const companies = await frappe.db.get_list("Company", { limit: 2 });
	return companies.length === 1 ? companies[0].name : "";
}

async function choose_organisation(authorisation) {
	const { message: organisations } = await frappe.call({
		method: CONNECT + "organisations",
		args: { authorisation },
		freeze: true,
	});
	const connect = async (company, tenant_id) => {
		const { message: connection } = await frappe.call({
			method: CONNECT + "choose_organisation",
			args: { authorisation, tenant_id, company },
			freeze: true,
			freeze_message: __("Reading accounts, taxes and tracking from Xero"),
		});
		if (connection) frappe.set_route("Form", "Xero Connection", connection);
	};
	const opens = (former) => former && organisations.some((each) => each.tenantId === former.tenant_id);
	const reconnects = await reconnecting();
	if (opens(reconnects)) return connect(reconnects.company, reconnects.tenant_id);
	const dialog = new frappe.ui.Dialog({
		title: __("Which books belong together?"),
		fields: [
			{ fieldname: "said", fieldtype: "HTML" },
			{ fieldname: "company", fieldtype: "Link", options: "Company", label: __("Company"), reqd: 1, default: reconnects ? reconnects.company : await only_company() },
			{
				fieldname: "tenant_id",
				fieldtype: "Select",
				label: __("Xero Organisation"),
				// A Select draws its labels as HTML, and these are what somebody typed in Xero.
				options: organisations.map((each) => ({
					value: each.tenantId,
					label: frappe.utils.escape_html(each.tenantName),
				})),
				default: organisations.length === 1 ? organisations[0].tenantId : "",
				reqd: 1,
			},
		],
		primary_action_label: __("Connect"),
		async primary_action({ company, tenant_id }) {
			const chosen = organisations.find((each) => each.tenantId === tenant_id);
			if (!(await may_leave_the_former(company, chosen))) return;
			dialog.hide();
			return connect(company, tenant_id);
		},
	});
	if (reconnects) {
		const said = __("This sign-in gives no access to {0}, to which {1} is connected. Sign in as somebody who may open it, or choose another organisation.", [picortex_xero.shown(reconnects.organisation_name), reconnects.company]);
		dialog.fields_dict.said.$wrapper.html(`<p>${frappe.utils.escape_html(said)}</p>`);
	}
	// A company that is connected already is offered its own organisation.
	dialog.fields_dict.company.df.onchange = async () => {
		const company = dialog.get_value("company");
		const former = company && (await connected(company));
		if (opens(former) && !dialog.get_value("tenant_id")) dialog.set_value("tenant_id", former.tenant_id);
	};
	dialog.show();
	dialog.fields_dict.company.df.onchange();
}

// The connection whose Reconnect led to the sign-in; nothing where somebody came by another way.
async function reconnecting() {
	const name = sessionStorage.getItem("xero_reconnects");
	sessionStorage.removeItem("xero_reconnects");
	if (!name) return null;
	const [found] = await frappe.db.get_list("Xero Connection", { filters: { name, state: ["!=", "Retired"] }, fields: ["company", "tenant_id", "organisation_name"], limit: 1 });
	return found || null;
}

async function connected(company) {
	const [found] = await frappe.db.get_list("Xero Connection", { filters: { company, state: ["!=", "Retired"] }, fields: ["tenant_id"], limit: 1 });
	return found || null;
}

// A company has one organisation at a time: choosing another one retires the connection to the former, which is said before.
async function may_leave_the_former(company, chosen) {
	const [former] = await frappe.db.get_list("Xero Connection", {
		filters: { company, state: ["!=", "Retired"], tenant_id: ["!=", chosen.tenantId] },
		fields: ["organisation_name"],
		limit: 1,
	});
	if (!former) return true;
	const names = [company, picortex_xero.shown(former.organisation_name), chosen.tenantName].map(frappe.utils.escape_html);
	return new Promise((answer) => {
		frappe.confirm(
			__(
				"{0} is connected to {1}. From now on nothing is sent there any more; what was sent stays as it is, here and in Xero. {2} starts anew, with its own mappings and its own go-live date. Go on?",
				names
			),
			() => answer(true),
			() => answer(false)
		);
	});
}

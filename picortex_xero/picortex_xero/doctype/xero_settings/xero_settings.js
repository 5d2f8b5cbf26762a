// Xero Settings: signing in at Xero, and choosing company and organisation on the way back.

frappe.ui.form.on("Xero Settings", {
	// A secret does not travel inside the document: what goes wrong while one is saved is logged with all of it.
	before_save(frm) {
		if (!frm.doc.new_client_secret) return;
		frm.typed_secret = frm.doc.new_client_secret;
		frm.doc.new_client_secret = "";
	},
	async after_save(frm) {
		if (!frm.typed_secret) return;
		await frappe.call({
			method: "picortex_xero.api.connect.keep_secret",
			args: { secret: frm.typed_secret },
			freeze: true,
		});
		frm.typed_secret = "";
		frm.reload_doc();
	},
	refresh(frm) {
		const refused = frm.doc.__onload && frm.doc.__onload.refused_address;
		if (refused) frm.set_intro(frappe.utils.escape_html(refused), "red");
		// Whoever may only read here connects nothing.
		if (!frappe.model.can_create("Xero Connection")) return;
		if (frm.doc.client_id && frm.doc.secret_is_set && !frm.is_dirty()) {
			frm.add_custom_button(__("Connect to Xero"), async () => {
				const { message: address } = await frappe.call({
					method: "picortex_xero.api.connect.start",
					freeze: true,
				});
				window.location.href = address;
			}).addClass("btn-primary");
		}
		const authorisation = frappe.utils.get_url_arg("authorisation");
		if (authorisation && !frm.organisation_asked) {
			frm.organisation_asked = true;
			choose_organisation(authorisation);
		}
	},
});

async function choose_organisation(authorisation) {
	const { message: organisations } = await frappe.call({
		method: "picortex_xero.api.connect.organisations",
		args: { authorisation },
		freeze: true,
	});
	const dialog = new frappe.ui.Dialog({
		title: __("Which books belong together?"),
		fields: [
			{ fieldname: "company", fieldtype: "Link", options: "Company", label: __("Company"), reqd: 1 },
			{
				fieldname: "tenant_id",
				fieldtype: "Select",
				label: __("Xero Organisation"),
				// A Select draws its labels as HTML, and these are what somebody typed in Xero.
				options: organisations.map((each) => ({
					value: each.tenantId,
					label: frappe.utils.escape_html(each.tenantName),
				})),
				reqd: 1,
			},
		],
		primary_action_label: __("Connect"),
		async primary_action({ company, tenant_id }) {
			const chosen = organisations.find((each) => each.tenantId === tenant_id);
			if (!(await may_leave_the_former(company, chosen))) return;
			const { message: connection } = await frappe.call({
				method: "picortex_xero.api.connect.choose_organisation",
				args: { authorisation, tenant_id, company },
				freeze: true,
				freeze_message: __("Reading accounts, taxes and tracking from Xero"),
			});
			dialog.hide();
			frappe.set_route("Form", "Xero Connection", connection);
		},
	});
	dialog.show();
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

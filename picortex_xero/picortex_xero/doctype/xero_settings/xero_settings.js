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

// What is known of a payee: choices of the company only.

frappe.ui.form.on("Xero Bank Memory", {
	setup(frm) {
		const of_company = (filters = {}) => () => ({ filters: { company: frm.doc.company, ...filters } });
		frm.set_query("account", of_company({ is_group: 0, disabled: 0 }));
		frm.set_query("cost_center", of_company({ is_group: 0, disabled: 0 }));
		frm.set_query("tax_template", of_company({ disabled: 0 }));
	},
});

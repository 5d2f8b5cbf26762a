// The next step of a company's set-up, on the pages where its steps are done: one button in the head of the page, the same as on the form of the
// connection. Nothing is drawn while the step of this page is still the next one, and once the company is live.

frappe.provide("picortex_xero");

// `here` is the step that the page is for. Called anew whenever something on the page was done.
picortex_xero.next_step = async (page, connection, here) => {
	const asked = (page.xero_next_asked = {});
	const setup = async () => {
		const { message } = await frappe.call({ method: "picortex_xero.api.connect.setup", args: { connection }, type: "GET" });
		return message || { next: {} };
	};
	// Rights to a DocType are known once its description is loaded; can_write would count who may only create.
	const [, first] = await Promise.all([frappe.model.with_doctype("Xero Connection"), setup()]);
	let found = first;
	// An amber step that was opened is not the next one any more.
	const amber = (found.steps || []).some((step) => step.key === here && step.state === "amber");
	if (amber && found.next.key === here && frappe.perm.has_perm("Xero Connection", 0, "write")) {
		await frappe.call({ method: "picortex_xero.api.connect.step_opened", args: { connection, step: here } });
		found = await setup();
	}
	// Something else was asked for meanwhile, or another connection is shown.
	if (page.xero_next_asked !== asked) return;
	if (page.xero_next) page.xero_next.remove();
	page.xero_next = null;
	const { next, state } = found;
	if (state !== "Setting Up" || !next.action || next.key === here) return;
	const route = next.route.length ? next.route : ["Form", "Xero Connection", connection];
	const said = __("Next: {0}", [next.label]);
	page.xero_next = page.add_inner_button(frappe.utils.escape_html(said), () => frappe.set_route(...route)).removeClass("btn-default").addClass("btn-primary");
};

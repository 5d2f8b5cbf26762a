// The next step of a company's set-up, on the pages where its steps are done: one button in the head of the page, the same as on the form of the
// connection. Nothing is drawn while the step of this page is still the next one, and once the company is live.

frappe.provide("picortex_xero");

// `here` is the step that the page is for; `done`: nothing is left to do on the page, so that going on is the thing to do (one dark button at a time).
// Called anew whenever something on the page was done.
picortex_xero.next_step = async (page, connection, here, done) => {
	const asked = (page.xero_next_asked = {});
	const setup = async () => {
		const { message } = await frappe.call({ method: "picortex_xero.api.connect.setup", args: { connection }, type: "GET" });
		return message || { next: {} };
	};
	// Rights to a DocType are known once its description is loaded; can_write would count who may only create.
	const [, first] = await Promise.all([frappe.model.with_doctype("Xero Connection"), setup()]);
	let found = first;
	// An amber step that was opened is not the next one any more, whenever that was.
	const amber = (found.steps || []).some((step) => step.key === here && step.state === "amber" && !step.opened);
	if (amber && frappe.perm.has_perm("Xero Connection", 0, "write")) {
		await frappe.call({ method: "picortex_xero.api.connect.step_opened", args: { connection, step: here } });
		found = await setup();
	}
	// Something else was asked for meanwhile, or another connection is shown.
	if (page.xero_next_asked !== asked) return;
	const { next, state } = found;
	const goes_on = state === "Setting Up" && next.action && next.key !== here;
	const route = goes_on && next.route.length ? next.route : ["Form", "Xero Connection", connection];
	page.xero_next = goes_on ? { said: __("Next: {0}", [next.label]), route, done } : null;
	picortex_xero.draw_next_step(page);
	page.xero_next_shown = () => picortex_xero.next_step(page, connection, here, done);
	ask_again_on_coming_back(page);
};

// What was done in another window, or on another page, may have changed which step is the next one.
function ask_again_on_coming_back(page) {
	if (page.xero_next_listens) return;
	page.xero_next_listens = true;
	document.addEventListener("visibilitychange", () => {
		if (!document.hidden && $(page.wrapper).is(":visible")) page.xero_next_shown();
	});
}

// The button as it was found last: for a page that draws its buttons anew.
picortex_xero.draw_next_step = (page) => {
	if (page.xero_next_button) page.xero_next_button.remove();
	page.xero_next_button = null;
	const goes_on = Boolean(page.xero_next && page.xero_next.done);
	page.btn_primary && page.btn_primary.toggleClass("btn-primary", !goes_on).toggleClass("btn-default", goes_on);
	if (!page.xero_next) return;
	const { said, route } = page.xero_next;
	page.xero_next_button = page.add_inner_button(frappe.utils.escape_html(said), () => frappe.set_route(...route));
	if (goes_on) page.xero_next_button.removeClass("btn-default").addClass("btn-primary");
};

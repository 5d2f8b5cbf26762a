// What the app's pages begin with: made once, shown and hidden as the Desk goes to and from them; and the company that a page is about. The Desk reads this after a page's own
// file, so a page calls it once it is loaded.

frappe.provide("picortex_xero");

// In `on_page_load`: make the page with its title (translated), and what is on it (`Shown`, a class with `show` and perhaps `hide`). Returns that.
picortex_xero.begin_page = (wrapper, title, Shown) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title, single_column: true });
	// The name of a company takes its room: the Desk cuts titles at a quarter of the window.
	$(wrapper).find(".title-text").css("max-width", "60vw");
	const shown = new Shown(page);
	wrapper.on_page_show = () => shown.show();
	// The Desk calls nothing of a page that it leaves; it only says so.
	$(wrapper).on("hide", () => {
		if (shown.hide) shown.hide();
	});
	return shown;
};

// Without a connection in the route: go to the first that the user may see, or say on the page (`$body`) that there is none.
picortex_xero.to_first_connection = async (route, $body) => {
	const [found] = await frappe.db.get_list("Xero Connection", { filters: { state: ["!=", "Retired"] }, fields: ["name"], order_by: "company asc", limit: 1 });
	if (found) return frappe.set_route(route, found.name);
	$body.html(`<div class="text-muted">${__("No company is connected yet")}</div>`);
	return undefined;
};

// The companies on the home page: one line for each, first the one that needs a person most. The Desk runs this inside the block "Xero Companies" of
// the workspace (setup/home_block.py puts it there); `root_element` is the block.

const place = root_element.querySelector(".xero-companies");
const text = (value) => frappe.utils.escape_html(String(value ?? ""));
const goes = [];

// A word that opens a screen; which one is found again by its number, so that no route stands in the page.
function opens(shown, route, options) {
	goes.push([route, options]);
	return `<a href="#" class="xero-go" data-at="${goes.length - 1}">${shown}</a>`;
}

// As the number cards beside it show them.
const number_of = (value) => format_number(value, null, 0);

function count(number, label, route, options, colour) {
	if (!number) return `<span class="xero-none">${label}: 0</span>`;
	const shown = `<span class="indicator-pill no-indicator-dot ${colour}">${label}: ${text(number_of(number))}</span>`;
	return frappe.model.can_read("Xero Outbox Entry") ? opens(shown, route, options) : shown;
}

function figures(each) {
	const items = ["List", "Xero Outbox Entry", "List"];
	const found = [
		count(each.on_its_way, __("On its way"), items, each.lists.on_its_way, "blue"),
		count(each.to_fix, __("To fix"), ["xero-to-fix", each.connection], {}, each.colour === "red" ? "red" : "orange"),
	];
	if (each.approval) found.push(count(each.approval, __("Waiting for approval in Xero"), items, each.lists.approval, "orange"));
	if (each.oldest_days) found.push(text(each.oldest_days === 1 ? __("Oldest: one day") : __("Oldest: {0} days", [number_of(each.oldest_days)])));
	if (each.left_today !== null) found.push(text(__("Xero requests left today: {0}", [number_of(each.left_today)])));
	found.push(text(each.last_good_call ? __("Last good call: {0}", [ago(each.last_good_call)]) : __("No call yet")));
	return found.join(" ");
}

// Times of the app are UTC.
function ago(utc) {
	const read = moment.utc(utc);
	const zone = frappe.boot.time_zone && frappe.boot.time_zone.system;
	return frappe.datetime.prettyDate((zone ? read.tz(zone) : read.local()).format(frappe.defaultDatetimeFormat));
}

function line(each) {
	const name = opens(text(each.company), ["Form", "Xero Connection", each.connection], {});
	const organisation = each.organisation ? ` <span class="xero-none">${text(each.organisation)}</span>` : "";
	const next = each.next ? `<div class="xero-next">${opens(text(each.next), each.route, each.route_options)}</div>` : "";
	const why = each.reason ? `<div>${text(each.reason)}</div>` : "";
	return `<div class="xero-company">
		<div class="xero-head"><span class="indicator-pill ${text(each.state_colour)}">${text(each.state)}</span> <b>${name}</b>${organisation}</div>
		${why}<div class="xero-figures">${figures(each)}</div>${next}
	</div>`;
}

function nobody() {
	const none = text(__("No company is connected to Xero yet."));
	if (!frappe.model.can_create("Xero Connection")) return text(__("No company is connected to Xero yet. Whoever has the role Xero Admin can connect one."));
	goes.push([["Form", "Xero Settings"], {}]);
	return `<div class="xero-company">${none} <button class="btn btn-primary btn-sm xero-go" data-at="${goes.length - 1}">${text(__("Connect to Xero"))}</button></div>`;
}

function draw(companies) {
	goes.length = 0;
	place.innerHTML = companies.length ? companies.map(line).join("") : nobody();
	for (const link of place.querySelectorAll(".xero-go")) {
		link.addEventListener("click", (event) => {
			event.preventDefault();
			const [route, options] = goes[link.dataset.at];
			frappe.route_options = Object.keys(options || {}).length ? options : null;
			frappe.set_route(route);
		});
	}
}

const read = () => frappe.xcall("picortex_xero.api.home.companies").then(draw);

read().catch(() => {
	place.textContent = __("The companies could not be read. Load the page again.");
});

// What was done in another window may have changed the next step. A block that the Desk has taken away listens no longer; where nothing can be read, what
// was drawn stays.
function come_back() {
	if (!place.isConnected) return document.removeEventListener("visibilitychange", come_back);
	if (!document.hidden) read().catch((error) => console.warn(error));
}
document.addEventListener("visibilitychange", come_back);

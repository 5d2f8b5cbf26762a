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
	const watched = each.watched;
	const seen = watched && __("Watched: {0} would have gone, {1} would have been stopped", [number_of(watched.go), number_of(watched.stopped)]);
	const preview = ["xero-preview", each.connection];
	const found = [
		watched ? (frappe.model.can_read("Xero Preview Run") ? opens(text(seen), preview, {}) : text(seen)) : count(each.on_its_way, __("On its way"), items, each.lists.on_its_way, "blue"),
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

// Asked for before it is read: what changes in between is seen with the next look.
let known;
const stamp = async () => {
	const { message } = await frappe.call({ method: "picortex_xero.api.home.stamp", args: { screen: "home" }, type: "GET", silent: true, error() {} });
	return message;
};
const read = () => frappe.xcall("picortex_xero.api.home.companies").then(draw);

stamp()
	.catch((error) => console.warn(error))
	.then((found) => (known = found));
read().catch(() => {
	place.textContent = __("The companies could not be read. Load the page again.");
});

// What was done in another window, or by somebody else, may have changed the figures and the next step: a short text says whether (api/home.stamp), on
// coming back and every half minute in between. A block that the Desk has taken away, or that nobody has looked at for a quarter of an hour, asks no more;
// where nothing can be read, what was drawn stays.
const AWAY_AFTER = 15 * 60 * 1000;
let touched = Date.now();
const touch = () => (touched = Date.now());
const MOVES = ["pointerdown", "pointermove", "keydown", "wheel"];
for (const what of MOVES) document.addEventListener(what, touch, { passive: true });

async function look() {
	if (document.hidden || !place.getClientRects().length || Date.now() - touched > AWAY_AFTER) return;
	try {
		const found = await stamp();
		if (found === undefined) return;
		const changed = known !== undefined && found !== known;
		known = found;
		if (!changed) return;
		await read();
		// The cards above it are the Desk's own: each reads its figure anew.
		read_cards();
	} catch (error) {
		console.warn(error);
	}
}

function read_cards() {
	$(".layout-main-section:visible .number-widget-box a[data-action='action-refresh']").trigger("click");
}

function come_back() {
	if (place.isConnected) {
		touch();
		return look();
	}
	clearInterval(looking);
	for (const what of MOVES) document.removeEventListener(what, touch);
	window.removeEventListener("focus", come_back);
	return document.removeEventListener("visibilitychange", come_back);
}
const looking = setInterval(() => (place.isConnected ? look() : come_back()), 20 * 1000);
window.addEventListener("focus", come_back);
document.addEventListener("visibilitychange", come_back);

// A screen that is looked at shows what is so: what somebody else did is seen on coming back to the window, and within half a minute while it is open.
// The server is asked for a short text that changes with whatever such screens show (api/home.stamp), and the screen is read anew where it did. This
// needs no socket. Whoever has walked away is asked for nothing, so that a session still ends.

frappe.provide("picortex_xero");

if (!picortex_xero.stay_fresh) {
	let touched = Date.now();
	const AWAY_AFTER = 15 * 60 * 1000;
	for (const what of ["pointerdown", "pointermove", "keydown", "wheel"]) {
		document.addEventListener(what, () => (touched = Date.now()), { capture: true, passive: true });
	}
	document.addEventListener("visibilitychange", () => document.hidden || (touched = Date.now()));

	// `screen`: its name (attention/stamp.py); `shown`: whether it is in sight and nothing is being chosen on it; `connection`: which one it is about, "" for
	// all; `read`: reads it anew. Returned is what is called just before the screen is read for another reason.
	picortex_xero.stay_fresh = ({ screen, shown, connection, read }) => {
		let known, about;
		const ask = async () => {
			try {
				const args = { screen, connection: connection() || "" };
				const { message } = await frappe.call({ method: "picortex_xero.api.home.stamp", args, type: "GET", silent: true, error() {} });
				return message;
			} catch (error) {
				// Without an answer what stands there stays.
				console.warn(error);
				return undefined;
			}
		};
		const begin = async () => {
			about = connection();
			known = await ask();
		};
		const look = async () => {
			if (document.hidden || Date.now() - touched > AWAY_AFTER || !shown()) return;
			const of = connection();
			const stamp = await ask();
			if (stamp === undefined || of !== connection()) return;
			const changed = known !== undefined && about === of && stamp !== known;
			// What is being chosen meanwhile is not taken away: the next look finds the same.
			if (changed && (document.hidden || !shown())) return;
			[known, about] = [stamp, of];
			if (changed) await read();
		};
		setInterval(look, 20 * 1000);
		window.addEventListener("focus", look);
		document.addEventListener("visibilitychange", look);
		return begin;
	};

	// Whether a page is in sight, with no dialog and no list of choices open on it.
	picortex_xero.in_sight = (wrapper) =>
		$(wrapper).is(":visible") && !$(".modal.show, .dropdown-menu.show").length && !$(wrapper).find("input:focus, textarea:focus, select:focus").length;
}

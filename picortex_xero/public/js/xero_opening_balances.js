// Opening Balances on the page History Import: what was owed at the end of a day, the check against Xero's trial balance, and what the accountant enters in
// Xero. Everything that comes from the server is text here, and is escaped.

frappe.provide("picortex_xero");

// `screen` is the page: its connection, what it found, how it calls and what it does after a call.
picortex_xero.opening_balances = (screen) => {
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const money = (value, currency) => text(format_currency(value, currency));
	let at = "";
	let seen = null;
	let of = "";

	const form = () => {
		const { until, decides } = screen.found;
		if (of !== screen.connection) [of, at, seen] = [screen.connection, until, null];
		const first = `<button class="btn btn-primary btn-sm" data-act="opening-check">${__("Check")}</button>`;
		const again = `<button class="btn btn-default btn-sm" data-act="opening-check">${__("Check Again")}</button>`;
		const check = decides ? (seen ? again : first) : "";
		const preview = `<button class="btn btn-default btn-sm" data-act="opening-preview">${__("Preview Opening Balances")}</button>`;
		const start = decides && seen && !seen.refused ? `<button class="btn btn-primary btn-sm" data-act="opening-start">${__("Start Opening Balances")}</button>` : "";
		return `<div class="xero-history-opening">
			<p class="text-muted">${text(__("Invoices and bills that were open at the end of a day, each with what was still owed, in one line without tax on the opening account. Later payments then find them. Banks and other balances are listed for your accountant and never posted."))}</p>
			<div class="d-flex flex-wrap" style="gap: 16px; margin-bottom: 10px"><label>${__("Open at the End Of")}${picortex_xero.day_field({ attributes: "data-opening-day", value: at, last: until })}</label></div>
			${check} ${preview} ${start}
			<div style="margin-top: 14px">${seen ? result() : ""}</div></div>`;
	};

	const result = () => {
		const day = frappe.datetime.str_to_user(seen.at);
		const allow = `<button class="btn btn-primary btn-sm" style="margin-top: 8px" data-act="opening-allow">${__("Allow Trial Balance")}</button>`;
		const map = `<button class="btn btn-primary btn-sm" style="margin-top: 8px" data-act="opening-map">${text(__("Map '{0}'", [seen.unmapped]))}</button>`;
		const refused = seen.refused
			? `<div class="xero-opening-refused" style="border-left: 4px solid var(--red-500); padding: 4px 12px"><b>${text(seen.refused)}</b><div>${text(seen.cure)}</div>${seen.asks ? allow : ""}${seen.unmapped ? map : ""}</div>`
			: `<div style="border-left: 4px solid var(--green-500); padding: 4px 12px"><b>${text(__("Opening balances can go: what Xero holds on {0} is explained by its documents", [day]))}</b>
				<div class="text-muted">${text(__("Receivables in Xero: {0}. Payables in Xero: {1}.", [format_currency(seen.receivables, seen.currency), format_currency(seen.payables, seen.currency)]))}</div></div>`;
		const owed = seen.owed.map((each) => `${text(each.label)}: ${text(format_number(each.documents, null, 0))}`).join(", ");
		return `${refused}<p class="text-muted" style="margin: 10px 0">${text(__("Open here on {0}", [day]))}: ${owed}</p>${balances(day)}`;
	};

	const balances = (day) => {
		if (!seen.balances.length) return "";
		const rows = seen.balances.map((each) => {
			const there = each.there === null ? `<span class="text-muted">${__("Not mapped")}</span>` : money(each.there, seen.currency);
			const same = each.there !== null && flt(each.there, 2) === flt(each.here, 2);
			return `<tr${same ? ' class="text-muted"' : ""}><td>${text(each.account)}</td><td>${text([each.code, each.name].filter(Boolean).join(" "))}</td><td class="text-right">${money(each.here, seen.currency)}</td><td class="text-right">${there}</td></tr>`;
		});
		const as_file = `<button class="btn btn-default btn-xs" data-act="opening-export">${__("Export as .csv")}</button>`;
		return `<div class="d-flex justify-content-between align-items-center"><h5 style="margin: 14px 0 6px">${text(__("For your accountant: other balances at the end of {0}", [day]))}</h5>
			${as_file}</div>
			<p class="text-muted small">${text(__("Debits are positive, credits negative. What Xero lacks is entered there under Conversion balances, or by a journal; receivables and payables are left to the documents."))}</p>
			<table class="table table-sm"><thead><tr><th>${__("Account")}</th><th>${__("Account in Xero")}</th><th class="text-right">${__("Here")}</th><th class="text-right">${__("In Xero")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
	};

	const chosen = () => screen.$body.find("[data-opening-day]").val() || "";
	screen.$body.on("change", "[data-opening-day]", () => {
		[at, seen] = [chosen(), null];
		screen.draw();
	});

	const acts = {
		"opening-check": async () => {
			at = chosen();
			const asked = { connection: screen.connection, to_date: at };
			frappe.dom.freeze(__("Asking Xero ..."));
			try {
				const found = await screen.call("opening_check", asked);
				if (asked.connection === screen.connection) seen = found;
			} finally {
				frappe.dom.unfreeze();
				screen.draw();
			}
		},
		// Xero gives a permission of its own for that report; it is asked for only here.
		"opening-allow": async () => {
			await frappe.db.set_value("Xero Connection", screen.connection, "read_trial_balance", 1);
			const { message: address } = await frappe.call({ method: "picortex_xero.api.connect.more_permissions", args: { connection: screen.connection }, freeze: true });
			if (address) window.location.href = address;
			else await acts["opening-check"]();
		},
		// The row of the account on the mapping page.
		"opening-map": () => {
			frappe.route_options = { xero_row: { key: [seen.unmapped] } };
			frappe.set_route("xero-mapping", screen.connection, "accounts");
		},
		"opening-preview": async () => {
			await screen.call("preview_opening", { connection: screen.connection, to_date: chosen() });
			frappe.set_route("xero-preview", screen.connection);
		},
		"opening-start": () => {
			const count = seen.owed.reduce((sum, each) => sum + each.documents, 0);
			if (!count) return frappe.msgprint(__("Nothing was owed at the end of that day."));
			const said = __("Enter {0} open invoices and bills in Xero, as they stood at the end of {1}?", [format_number(count, null, 0), frappe.datetime.str_to_user(seen.at)]);
			return frappe.confirm(text(said), () => screen.then(screen.call("start_opening", { connection: screen.connection, to_date: seen.at })));
		},
		"opening-export": () => {
			const head = [__("Account"), __("Account in Xero"), __("Here"), __("In Xero")];
			// A name that a spreadsheet would take for a formula stays a name.
			const plain = (name) => (/^[=+@-]/.test(name) ? `'${name}` : name);
			const rows = seen.balances.map((each) => [plain(each.account), plain([each.code, each.name].filter(Boolean).join(" ")), each.here, each.there ?? ""]);
			frappe.tools.downloadify([head, ...rows], null, `${__("Balances")} ${seen.at}`);
		},
	};
	return { form, acts };
};

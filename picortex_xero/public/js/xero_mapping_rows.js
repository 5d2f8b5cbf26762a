// Which rows of the mapping page a filter shows, in which order a drop-down offers, and what a press needs a question for: decided here, drawn by the page.

frappe.provide("picortex_xero");

(() => {
	const IS = {
		open: (row) => Boolean(row.open),
		// What no document uses has suggestions, too, and waits for nobody.
		suggested: (row) => Boolean(row.open && row.suggestion),
		changed: (row) => row.changed.length > 0,
		all: () => true,
	};

	// The rows of a filter in which every word of the search occurs.
	function shown(rows, filter, search) {
		const words = (search || "").toLowerCase().split(" ").filter(Boolean);
		const said = (row) => `${row.label} ${row.shown} ${(row.suggestion || {}).shown || ""}`.toLowerCase();
		return rows.filter((row) => IS[filter](row) && words.every((word) => said(row).includes(word)));
	}

	// How many rows each filter would show.
	function counts(rows, search) {
		return Object.fromEntries(Object.keys(IS).map((filter) => [filter, shown(rows, filter, search).length]));
	}

	const same = (one, other) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

	// What a row is offered: what is suggested for it first, said as such; the rest as the server has it, the likeliest first.
	function offered(row, choices) {
		const suggested = row.suggestion && choices.find((each) => same(each.values, row.suggestion.values));
		if (!suggested) return choices;
		return [{ ...suggested, confidence: row.suggestion.confidence }, ...choices.filter((each) => each !== suggested)];
	}

	// Which of the listed choices Enter and Tab take without another key: what is suggested with high confidence while nothing is typed, or the only
	// one that is left. Otherwise none: nobody takes by accident what happens to stand first.
	function taken(row, typed, listed) {
		if (listed.length === 1 && typed.trim()) return 0;
		const first = listed[0];
		return !typed.trim() && first && first.confidence && row.suggestion.band === "High" ? 0 : -1;
	}

	// Of the rows whose suggestions are accepted together: those about which a person is asked.
	function unsure(rows) {
		return rows.filter((row) => row.suggestion && row.suggestion.band !== "High");
	}

	// The choices of a row that name an account or a tax type of Xero's.
	const NAMES = ["xero_account_code", "xero_account_id", "clearing_account", "tax_type", "value"];

	// The rows that a cause under To Fix speaks of: those of a key (its first parts, as far as they are known), those that choose something of Xero's, or
	// all of which Xero has something otherwise now.
	function wanted(rows, { key, chosen, changed }) {
		if (changed) return rows.filter(IS.changed);
		if (key) return rows.filter((row) => key.every((part, at) => row.key[at] === part));
		return rows.filter((row) => row.values && NAMES.some((name) => chosen.includes(row.values[name])));
	}

	// The filter under which all of these rows are shown: the one that is on, where it shows them.
	function filter_for(rows, filter) {
		return IS[filter] && rows.every(IS[filter]) ? filter : "all";
	}

	// What a dialog about several rows begins with: what all of those that are mapped agree on, and `otherwise` where nothing is.
	function common(rows, otherwise) {
		const [first, ...others] = rows.map((row) => row.values).filter(Boolean);
		const agreed = Object.entries(first || {}).filter(([field, value]) => others.every((each) => each[field] === value));
		return { ...otherwise, ...Object.fromEntries(agreed) };
	}

	picortex_xero.mapping_rows = { shown, counts, offered, taken, unsure, wanted, filter_for, common };
})();

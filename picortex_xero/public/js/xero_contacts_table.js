// The table of the page Match contacts: customers and suppliers left, what may be theirs in Xero right, with its reasons. Every text from outside is drawn as text. Read after the page's own file.

(() => {
	const { text, key_of } = picortex_xero.contacts_shown;

	Object.assign(picortex_xero.ContactsPage.prototype, {
		table(rows) {
			const check = this.may_write ? `<th><input type="checkbox" data-do="tick_all" aria-label="${__("Select all")}"></th>` : "";
			const heads = [__("Customer or supplier"), __("Documents"), __("Contact in Xero")];
			return (
				`<table class="table table-bordered"><thead><tr>${check}${heads.map((head) => `<th>${text(head)}</th>`).join("")}</tr></thead>` +
				`<tbody>${rows.map((row, at) => this.row(row, at)).join("")}</tbody></table>`
			);
		},

		row(row, at) {
			const facts = [__(row.doctype), row.party !== row.title ? row.party : "", row.tax_number, row.email].filter(Boolean).join(" · ");
			const address = `/app/${row.doctype.toLowerCase()}/${encodeURIComponent(row.party)}`;
			const right = row.linked ? this.linked(row, at) : this.matches(row, at);
			const ticked = this.selected.has(key_of(row)) ? "checked" : "";
			const check = this.may_write ? `<td><input type="checkbox" class="xc-check" data-at="${at}" ${ticked} aria-label="${text(row.title)}"></td>` : "";
			return `<tr data-row="${at}">${check}<td class="xc-facts"><a href="${address}">${text(row.title)}</a><div class="text-muted small">${text(facts)}</div></td><td>${
				row.documents
			}</td><td class="xc-facts">${right}</td></tr>`;
		},

		contact(each) {
			const facts = [each.tax_number, each.email].filter(Boolean).join(" · ");
			return `<b>${text(each.name)}</b><div class="text-muted small">${text(facts)}</div>`;
		},

		linked(row, at) {
			const { linked } = row;
			const how = linked.made_here ? __("Made by this app") : __("Linked to the one already in Xero");
			const who = linked.by ? __("{0} by {1}", [how, linked.by]) : how;
			const archived = linked.status && linked.status !== "ACTIVE" ? `<div class="text-danger small">${text(__("Archived in Xero"))}</div>` : "";
			const undo =
				this.may_write && !linked.made_here
					? `<button class="btn btn-default btn-xs" data-do="unlink" data-at="${at}">${__("Undo the link")}</button>`
					: "";
			return `<div class="xc-match"><div>${this.contact(linked)}<div class="small">${text(who)}</div>${archived}</div><div class="xc-do">${undo}</div></div>`;
		},

		matches(row, at) {
			const shown = row.matches.map((each, number) => {
				const { score } = each;
				const said = each.sure ? __("Beyond doubt") : __("{0} of 100", [score]);
				const colour = each.sure ? "green" : score >= 60 ? "orange" : "gray";
				const against = each.against ? `<div class="text-danger small">${text(each.against)}</div>` : "";
				const button = this.may_write
					? `<button class="btn btn-default btn-xs" data-do="link" data-at="${at}" data-number="${number}">${__("Link")}</button> <button class="btn btn-default btn-xs" data-do="turn_down" data-at="${at}" data-number="${number}">${__("Not this one")}</button>`
					: "";
				return `<div class="xc-match"><div>${this.contact(each)}<div class="small"><span class="indicator-pill no-margin ${colour}">${text(
					said
				)}</span> ${text(each.because)}</div>${against}</div><div class="xc-do">${button}</div></div>`;
			});
			// Before anything was read nothing can be said of what is not there.
			const none = shown.length || !this.state.known ? "" : `<span class="text-muted">${text(__("Not found: a contact is made when the first document goes"))}</span>`;
			const another = shown.length
				? `<button class="btn btn-default btn-xs" data-do="choose" data-at="${at}">${__("Choose another")}</button>`
				: `<button class="btn btn-default btn-xs" data-do="choose" data-at="${at}">${__("Choose a contact")}</button>`;
			const other = this.may_write ? another : "";
			return `${shown.join("")}<div class="xc-match">${none}<div class="xc-do">${other}</div></div>`;
		},
	});
})();

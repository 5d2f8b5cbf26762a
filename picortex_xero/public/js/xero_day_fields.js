// A day on a page of the app is chosen in the Desk's own field, in the user's format; the browser's own field has a format of its own. A page writes `day_field`
// where it is to stand and calls `draw_day_fields` once that is in the page: its value is that of the hidden input with the page's attributes, which
// tells of every change.

frappe.provide("picortex_xero");

// `attributes`: of the hidden input, such as data-field="from_date"; `last`: the last day that can be chosen; `off`: it can only be read.
picortex_xero.day_field = ({ attributes, value, last, off }) => {
	const text = (each) => frappe.utils.escape_html(String(each ?? ""));
	return `<div class="xero-day" style="min-width: 130px" data-last="${text(last)}" data-off="${off ? 1 : ""}"><input type="hidden" ${attributes} value="${text(value)}"></div>`;
};

picortex_xero.draw_day_fields = ($at) => {
	$at.find(".xero-day").each((_at, place) => {
		const { last, off } = place.dataset;
		const $kept = $(place).find("input");
		// What the Desk's field tells by itself comes before the value is read.
		$(place).on("change", "input:not([type=hidden])", (event) => event.stopPropagation());
		const control = frappe.ui.form.make_control({
			parent: place,
			df: {
				fieldtype: "Date",
				fieldname: "day",
				read_only: off ? 1 : 0,
				max_date: last ? frappe.datetime.str_to_obj(last) : undefined,
				change: () => {
					const day = control.get_value() || "";
					if (day !== $kept.val()) $kept.val(day).trigger("change");
				},
			},
			only_input: true,
			render_input: true,
		});
		if ($kept.val()) control.set_value($kept.val());
	});
};

// The configuration of a connection as a file: Export Configuration, Compare With File, Import Configuration (xero_connection.js has the buttons).

frappe.provide("picortex_xero.configuration");

(() => {
	const API = "picortex_xero.api.configuration.";
	// Bytes of a part; in base64 they are a third more.
	const PART = 1000000;
	const text = (value) => frappe.utils.escape_html(value === undefined || value === null ? "" : String(value));
	const number = (count) => format_number(count || 0, null, 0);

	picortex_xero.configuration.export = (frm) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Export Configuration"),
			fields: [
				{
					fieldname: "ties",
					fieldtype: "Check",
					default: 1,
					label: __("With what ties documents to their records in Xero"),
					description: __("Needed to go on after the app was removed and installed again. Without it the file holds settings and mappings, for another company. Secrets are in neither."),
				},
			],
			primary_action_label: __("Export"),
			primary_action: async ({ ties }) => {
				dialog.hide();
				await download(frm, ties);
			},
		});
		dialog.show();
	};

	// A POST, since it is noted in the history; the answer is a file.
	async function download(frm, ties) {
		frappe.dom.freeze(__("Export Configuration"));
		try {
			const answer = await fetch(`/api/method/${API}export`, {
				method: "POST",
				headers: { "X-Frappe-CSRF-Token": frappe.csrf_token, "Content-Type": "application/json", Accept: "application/json" },
				body: JSON.stringify({ connection: frm.doc.name, ties: ties ? 1 : 0 }),
			});
			if (!answer.ok) return say_why(await answer.text());
			const link = document.createElement("a");
			link.href = URL.createObjectURL(await answer.blob());
			const day = frappe.datetime.get_today();
			link.download = `xero-configuration-${frappe.scrub(frm.doc.company).replace(/[^a-z0-9_]/g, "")}-${day}.json`;
			document.body.appendChild(link);
			link.click();
			link.remove();
			URL.revokeObjectURL(link.href);
		} finally {
			frappe.dom.unfreeze();
		}
	}

	function say_why(body) {
		let said = [];
		try {
			said = JSON.parse(JSON.parse(body)._server_messages || "[]").map((each) => JSON.parse(each).message);
		} catch {
			said = [];
		}
		frappe.msgprint({ title: __("Export Configuration"), indicator: "red", message: said.join("<br>") || text(__("The file could not be made; the Error Log has the details.")) });
	}

	picortex_xero.configuration.compare = async (frm) => {
		const upload = await sent_in(frm);
		if (!upload) return;
		const { message: found } = await frappe.call({ method: API + "compare", args: { connection: frm.doc.name, upload }, freeze: true });
		const dialog = new frappe.ui.Dialog({ title: __("Compare With File"), size: "extra-large", fields: [{ fieldname: "said", fieldtype: "HTML", options: what_differs(found) }] });
		dialog.show();
	};

	picortex_xero.configuration.import = async (frm) => {
		const upload = await sent_in(frm);
		if (!upload) return;
		const { message: found } = await frappe.call({ method: API + "compare", args: { connection: frm.doc.name, upload }, freeze: true });
		const may_tie = found.about.ties && !found.why_not.length && found.about.links + found.about.steps > 0;
		const fields = [{ fieldname: "said", fieldtype: "HTML", options: what_differs(found) }];
		if (may_tie) {
			fields.push({
				fieldname: "ties",
				fieldtype: "Check",
				default: 1,
				label: __("Put back what ties documents to their records in Xero ({0} links)", [number(found.about.links)]),
				description: __("The connection then stands where it stood, and is paused: nothing is sent until you press Resume."),
			});
		}
		if (found.asks_about_site) {
			fields.push({
				fieldname: "gone",
				fieldtype: "Check",
				depends_on: "eval:doc.ties",
				label: __("The site on which this file was exported is gone, or sends nothing to Xero any more"),
				description: __("The file was exported on another site, and its connection was not disconnected there. Two sites that use one id would send everything twice."),
			});
		}
		const dialog = new frappe.ui.Dialog({
			title: __("Import Configuration"),
			size: "extra-large",
			fields,
			primary_action_label: __("Import"),
			primary_action: async ({ ties, gone }) => {
				const args = { connection: frm.doc.name, upload, ties: ties ? 1 : 0, other_site_is_gone: gone ? 1 : 0 };
				const { message } = await frappe.call({ method: API + "import_file", args, freeze: true, freeze_message: __("Import Configuration") });
				dialog.hide();
				say_what_became(frm, await done(frm, message));
				await frm.reload_doc();
			},
		});
		dialog.show();
	};

	// A file of the user's choice, sent in part by part; the id under which it is there, or nothing where none was chosen.
	async function sent_in(frm) {
		const file = await chosen();
		if (!file) return "";
		const upload = frappe.utils.get_random(16);
		for (let place = 0; place === 0 || place * PART < file.size; place++) {
			frappe.dom.freeze(__("Reading the file: {0} %", [Math.floor((100 * place * PART) / (file.size || 1))]));
			try {
				const content = await in_base64(file.slice(place * PART, (place + 1) * PART));
				await frappe.call({ method: API + "upload", args: { connection: frm.doc.name, upload, place, content } });
			} finally {
				frappe.dom.unfreeze();
			}
		}
		return upload;
	}

	function chosen() {
		return new Promise((resolve) => {
			const input = document.createElement("input");
			input.type = "file";
			input.accept = ".json,application/json";
			input.className = "xero-configuration-file hidden";
			input.addEventListener("change", () => {
				resolve(input.files[0]);
				input.remove();
			});
			input.addEventListener("cancel", () => {
				resolve(null);
				input.remove();
			});
			document.body.appendChild(input);
			input.click();
		});
	}

	function in_base64(blob) {
		return new Promise((resolve, reject) => {
			const reader = new FileReader();
			reader.onload = () => resolve(reader.result.split(",")[1] || "");
			reader.onerror = () => reject(reader.error);
			reader.readAsDataURL(blob);
		});
	}

	// A long file goes on in a job.
	async function done(frm, said) {
		while (said.state === "Running") {
			frappe.show_alert({ message: __("The file is being taken over; this may take some minutes"), indicator: "blue" }, 4);
			await new Promise((resolve) => setTimeout(resolve, 4000));
			({ message: said } = await frappe.call({ method: API + "outcome", args: { connection: frm.doc.name }, type: "GET" }));
		}
		return said;
	}

	function what_differs({ about, differences, why_not }) {
		const when = text(frappe.datetime.str_to_user(about.exported_at.slice(0, 10)));
		const said = [`<p>${text(__("Exported on {0}: {1}, with {2} in Xero.", ["{0}", "{1}", "{2}"])).replace("{0}", when).replace("{1}", `<b>${text(about.company)}</b>`).replace("{2}", `<b>${text(about.organisation)}</b>`)}</p>`];
		for (const each of why_not) said.push(`<p class="text-muted">${text(each)}</p>`);
		if (!differences.length) {
			said.push(`<p>${text(__("Settings and mappings are the same in the file and here."))}</p>`);
			return said.join("");
		}
		const heads = ["", __("What"), __("Here"), __("In the File"), ""].map((head) => `<th>${text(head)}</th>`).join("");
		const colours = { differs: "orange", "only in the file": "blue", "only here": "gray", "not matched": "red" };
		const rows = differences.map(({ group, what, here, there, state, said: word }) =>
			`<tr><td>${text(group)}</td><td>${text(what)}</td><td>${text(here)}</td><td>${text(there)}</td><td><span class="indicator-pill ${colours[state]}" style="white-space: nowrap">${text(word)}</span></td></tr>`
		);
		said.push(`<div style="max-height: 50vh; overflow: auto"><table class="table table-bordered small"><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`);
		said.push(`<p class="text-muted small">${text(__("What is only here stays as it is. What is left out cannot be matched here: choose it on the mapping page."))}</p>`);
		return said.join("");
	}

	function say_what_became(frm, said) {
		if (said.state === "Stopped") {
			frappe.msgprint({ title: __("Import Configuration"), indicator: "red", message: text(said.why) });
			return;
		}
		const lines = [__("Settings changed: {0}. Mappings changed: {1}.", [number(said.settings), number(said.mappings)])];
		if (said.ties) {
			lines.push(__("Put back: {0} links and {1} steps. Nothing is sent until somebody presses Resume.", [number(said.links), number(said.steps)]));
			if (!said.taxes_signed) lines.push(__("An accountant checks the taxes before documents go."));
		}
		if (said.not_here_count) {
			lines.push(__("Documents of the file that are not here any more: {0}. What they became in Xero stays as it is ({1})", [number(said.not_here_count), said.not_here.join(", ")]));
		}
		const left = (said.left_out || []).map(({ group, what, why }) => `<tr><td>${text(group)}</td><td>${text(what)}</td><td>${text(why)}</td></tr>`);
		const table = left.length ? `<p><b>${text(__("Left out"))}</b></p><table class="table table-bordered small"><tbody>${left.join("")}</tbody></table>` : "";
		frappe.msgprint({ title: __("Import Configuration"), indicator: left.length ? "orange" : "green", wide: true, message: lines.map((line) => `<p>${text(line)}</p>`).join("") + table });
	}
})();

"""All functions that browsers and other programs may call (@frappe.whitelist). Each checks its arguments first, then the user's permission
(`arguments.asks`)."""

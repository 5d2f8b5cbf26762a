"""Only `frappe.tests.utils` is offered."""

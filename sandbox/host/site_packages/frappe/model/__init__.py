"""Only `frappe.model.document` is offered."""

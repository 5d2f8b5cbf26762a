"""The Xero client: HTTP, OAuth and scopes. It does not import frappe and decides nothing about documents."""

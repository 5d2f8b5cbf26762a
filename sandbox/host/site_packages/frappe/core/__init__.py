"""Frappe's own DocTypes, as far as the app meets them."""

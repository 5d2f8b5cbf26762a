"""One folder per DocType, as in Frappe."""

"""Property tests: generated invoices, and an independent reading of how ERPNext rounds them."""

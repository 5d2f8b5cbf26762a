"""When businesses pay, drawn as published studies describe it: a second generator of payments for `make back-test-cash-flow`.

Whoever wrote it had not read the forecast (`picortex_xero/cash_flow`) nor its tests, and fitted its parameters to the figures of the studies alone, before the forecast was measured with it once.

`studies` holds the figures and where they come from, `calendars` the days on which somebody pays, `customers` who the payers are, `receipts` what they pay when, `own_bills` our own payment runs. Nothing of the app is imported."""

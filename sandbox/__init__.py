"""Stand-ins to try and test the app without a bench and without Xero. Nothing here ships with the app.

"The host" is the Frappe site with ERPNext, or what stands in for it here; a "step" is a row of the app's outbox (docs/architecture.md).
"""

"""The Xero client: HTTP, OAuth and scopes. It knows nothing of the host (no frappe) and decides nothing about documents."""

"""The Xero client: HTTP, sign-in and scopes, mostly against the simulator as a process of its own."""

"""The only whitelisted functions. Each checks its arguments as what they are, then permission: see `arguments.asks`."""

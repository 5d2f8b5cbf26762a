"""The only whitelisted functions. Each checks permission first."""

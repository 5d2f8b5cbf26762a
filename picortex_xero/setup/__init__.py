"""Idempotent preparation of a site on install and migrate, and leaving it as it was."""

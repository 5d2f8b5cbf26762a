"""Preparing a site on install and migrate, and cleaning up on uninstall. Every step may run any number of times."""

"""The configuration of a connection as a file: settings, mappings, and what ties documents to their records in Xero. Exported, compared, imported."""

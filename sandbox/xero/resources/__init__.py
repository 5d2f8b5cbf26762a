"""One file per Xero resource: its rules, its answers, its routes. Further resources are added as further files."""

"""Where it is kept which contacts of Xero a person has said to be another business than a customer or supplier (Match contacts)."""

from __future__ import annotations

# DocType and name.
Key = tuple[str, str]
# The rows of the mapping's history that are about contacts; those of this "how" turn one down, until they are undone.
DOCTYPE, CONTACTS, TURNED_DOWN = "Xero Mapping Change", "contacts", "Turned Down"
# Where a party that was read has them: a list of ids in lower case.
FIELD = "xero_turned_down"

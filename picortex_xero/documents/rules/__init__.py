"""Which documents go to Xero, when, and by whose leave: the admin's settings for each kind of document and his rules, as values, and what they
decide. Rules come from rows of Xero Sync Rule, settings from rows of Xero Sync Setting; `engine/policies.py` reads both."""

"""A stateful, strict stand-in for Xero: its own process, real HTTP, switchable faults.

It imports nothing from the app (a test says so), so that an error in the app's reading of Xero cannot hide here.
Comments give each rule a grade: A from Xero's developer documentation or OpenAPI description, B quoted or measured by third parties,
C inferred. ``data/rules.json`` lists the rules with their sources in full, ``data/errors.json`` Xero's messages by the ids (E066)
that comments use. The C rules are what only a live organisation can confirm.
"""

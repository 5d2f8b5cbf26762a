"""A stateful, strict stand-in for Xero: its own process, real HTTP, switchable faults.

It imports nothing from the app (a test says so), so that an error in the app's reading of Xero cannot hide here.
Rules carry their source and grade: A official text or example, B quoted or measured by third parties, C inference.
``data/rules.json`` lists them; the C ones are what only a live organisation can confirm.
"""

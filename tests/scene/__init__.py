"""What several tests build on: documents, mappings, Xero's elements and answers, and the standing rig with what is done on it.

A test module imports from here and from the packages under test, never from another test module (`tests/architecture`).
"""

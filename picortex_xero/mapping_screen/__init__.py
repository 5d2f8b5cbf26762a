"""The mapping on one screen per kind: what documents use beside what Xero offers for it, suggestions, bulk changes that can be undone, spreadsheets.

Whatever is chosen here is saved through the DocTypes' own checks, row by row.
"""

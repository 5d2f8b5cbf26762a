"""Everything recorded from ERPNext, sent through the app to the Xero simulator and compared with the recording's own figures.

`python -m sandbox.replay cases --only NAME` plays one named case, `python -m sandbox.replay corpus` the random documents.
"""

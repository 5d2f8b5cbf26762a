"""Everything recorded from ERPNext, played through the app into the Xero simulator, and judged by the recording's own figures.

`python -m sandbox.replay cases --only NAME` plays one named case, `python -m sandbox.replay corpus` the random documents.
"""

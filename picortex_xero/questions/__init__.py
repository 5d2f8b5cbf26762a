"""Questions that only Xero itself can answer, as experiments on a Demo Company: what the app relies on and Xero's documentation leaves open.

`make test-live` and the button Ask Xero's Demo Company run the same ones; the simulator is asked, too, so that they cannot rot. What each
answer means for documents is in accounting/questions. Nothing here knows the host.
"""

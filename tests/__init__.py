"""The tests of everything that runs without a bench.

"The host" is the Frappe site with ERPNext; "we" and "ours" are the app. What is to be done for a document is a row of the outbox, a "step";
it has a "role" (what for) and ends Synced, Held, in Needs Attention and so on. "Rooms", "looking", "sealing" and the rest:
docs/architecture.md. `@pytest.mark.case("S5")` carries the id of a trial in which an earlier version failed (the list of these is not in
this repository): the test's name and docstring say what it was.
"""

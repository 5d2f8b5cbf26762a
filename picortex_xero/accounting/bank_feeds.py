"""Where the bank's feed of an account is, as a person says it for each bank account, and what follows from that.

Xero lets no ordinary app read the lines of its bank feeds or reconcile them (its developer documentation, Bank Transactions and Bank Feeds)."""

from __future__ import annotations

from .texts import Text, _

FEED_HERE, FEED_IN_XERO, FEED_IN_BOTH = "Here", "Only in Xero", "Here and in Xero"
NOT_SAID = _("Say under Bank and payment accounts in Mapping where the bank feed of {account} is, so that nothing is entered twice")
SAYS: dict[str, Text] = {
    FEED_HERE: _("Its lines are matched and categorised here; what is entered here is sent to Xero"),
    FEED_IN_XERO: _(
        "Its lines are in Xero only, and Xero lets no app read them: payments that go there are made so that Xero can match them, and nothing is categorised here"
    ),
    FEED_IN_BOTH: _(
        "Its lines come here and to Xero. Enter what a line is about here only, and in Xero match the line with what was sent: entered in both, it counts twice"
    ),
}
WARNS: dict[str, Text] = {
    FEED_IN_XERO: _(
        "The bank feed of {account} is only in Xero. Lines that are imported here and categorised here as well as in Xero count twice: import them only where you match here"
    ),
    FEED_IN_BOTH: _(
        "The bank feed of {account} is here and in Xero: enter what a line is about here only, and in Xero match it with what was sent"
    ),
}


def warns(account: str, feed: str) -> Text | None:
    """What a person reads before lines of this account are imported; None where nothing can go wrong. `feed`: "" where nobody has said it."""
    said = WARNS.get(feed) if feed else NOT_SAID
    return said.format(account=account) if said is not None else None

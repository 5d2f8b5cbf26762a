"""What people do with a whole connection, one line each in the history (Xero Sync Log), by whoever does it. Part of the caller's transaction."""

from __future__ import annotations

from ..accounting.texts import Text, _, day
from ..engine import full_names, log


def connected(connection: str, organisation: str) -> None:
    """A company was connected to an organisation, or came back to it."""
    log.of_connection(connection, _by(_("{user} connected it to {organisation}"), organisation=organisation))


def went_live(connection: str, date: str) -> None:
    """It went live, or its go-live date was changed."""
    log.of_connection(connection, _by(_("{user} went live with documents from {date} on"), date=day(date)))


def watches(connection: str, date: str) -> None:
    """It watches from now on, and sends nothing."""
    log.of_connection(connection, _by(_("{user} began to watch documents from {date} on; nothing is sent"), date=day(date)))


def stopped_watching(connection: str) -> None:
    """It watches no more, and is being set up again."""
    log.of_connection(connection, _by(_("{user} stopped watching")))


def closed_until(connection: str, date: str) -> None:
    """The date until which tax is filed (yyyy-mm-dd, "" for none) was entered or moved."""
    said = _("{user} entered that tax is filed until {date}") if date else _("{user} took away the date until which tax is filed")
    log.of_connection(connection, _by(said, date=day(date)) if date else _by(said))


def books_begin(connection: str, date: str) -> None:
    """The first day of the books in Xero (yyyy-mm-dd, "" for none) was entered or moved."""
    said = _("{user} entered that the books in Xero begin on {date}") if date else _("{user} took away the first day of the books in Xero")
    log.of_connection(connection, _by(said, date=day(date)) if date else _by(said))


def resumed(connection: str) -> None:
    """A paused connection may send again."""
    log.of_connection(connection, _by(_("{user} let it send again")))


def paused(connection: str) -> None:
    """A person has paused it."""
    log.of_connection(connection, _by(_("{user} paused it")))


def handed_over(connection: str, to: str) -> None:
    """Somebody was asked to go on with setting it up."""
    log.of_connection(connection, _by(_("{user} handed the set-up over to {to}"), to=full_names.of([to]).get(to, to)))


def disconnected(connection: str) -> None:
    """It was disconnected."""
    log.of_connection(connection, _by(_("{user} disconnected it")))


def exported(connection: str, ties: bool) -> None:
    """Its configuration was exported."""
    said = _("{user} exported the configuration, with what ties documents to Xero") if ties else _("{user} exported settings and mappings")
    log.of_connection(connection, _by(said))


def imported(connection: str, exported_at: str, settings: int, mappings: int, links: int) -> None:
    """A configuration file was imported."""
    said = _(
        "{user} imported a configuration file of {time} (UTC): {settings} settings and {mappings} mappings changed, {links} links put back"
    )
    log.of_connection(connection, _by(said, time=exported_at, settings=str(settings), mappings=str(mappings), links=str(links)))


def retired(connection: str) -> None:
    """The company was given another organisation."""
    log.of_connection(connection, _by(_("{user} gave the company another organisation")))


def created(connection: str, account: bool, title: str) -> None:
    """Somebody had an account, or else a tracking option, created in Xero."""
    said = _("{user} created the account {title} in Xero") if account else _("{user} created the tracking option {title} in Xero")
    log.of_connection(connection, _by(said, title=title))


def _by(text: Text, **values: str) -> Text:
    return text.format(user=full_names.mine(), **values)

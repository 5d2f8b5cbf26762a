"""`bench --site SITE xero-history`: an import of history from a terminal, with a progress bar. It is the import of the page History Import: the workers do it,
and go on with it when the terminal is closed."""

from __future__ import annotations

import time
from typing import Any

import click
import frappe
from frappe import _

from . import compat
from .attention import history_page
from .connection import current
from .engine import history

# Seconds between two looks, and the characters of the bar.
EVERY, WIDE = 5, 40
ACTS = {"pause": history.pause, "resume": history.resume, "stop": history.stop}


@click.command("xero-history")
@click.option("--company", help="The company; needed where several are connected")
@click.option("--from", "from_date", help="The first day, yyyy-mm-dd")
@click.option("--to", "to_date", help="The last day, yyyy-mm-dd")
@click.option("--kinds", help="Separated by commas: Invoice,Bill,Credit Note,Supplier Credit Note,Payment,Journal; all of them without it")
@click.option("--yes", is_flag=True, help="Start without asking")
@click.option("--pause", "act", flag_value="pause", help="Pause the import that is running")
@click.option("--resume", "act", flag_value="resume", help="Go on with the paused one")
@click.option("--stop", "act", flag_value="stop", help="End it; what is not sent is given back")
@click.option("--status", "act", flag_value="status", help="Say how far it is, and end")
@click.pass_context
def xero_history(ctx: click.Context, **given: Any) -> None:
    """Import documents from before the go-live date into Xero."""
    close = compat.at_site(ctx.obj)
    try:
        run(**given)
    finally:
        close()


def run(
    company: str | None = None,
    from_date: str | None = None,
    to_date: str | None = None,
    kinds: str | None = None,
    yes: bool = False,
    act: str | None = None,
    every: float = EVERY,
) -> None:
    """What the command does on the site that is open. Ends with a sentence where it cannot."""
    connection = _connection(company)
    under_way = history.open_run(connection)
    if act in ACTS:
        if not under_way or not ACTS[act](under_way):
            raise click.ClickException(_("There is no import that this could be done to"))
        frappe.db.commit()
    elif not act and not under_way:
        under_way = _started(connection, from_date, to_date, kinds, yes)
    elif not act and (from_date or to_date or kinds):
        raise click.ClickException(_("An import is under way already: let it end, or stop it first"))
    elif not under_way:
        click.echo(_("No import is under way"))
        return
    _show(connection, under_way, follow=act in (None, "resume"), every=every)


def _connection(company: str | None) -> str:
    known = {row["company"]: row["name"] for row in current.seen()}
    if company is None and len(known) == 1:
        (company,) = known
    if company not in known:
        raise click.ClickException(_("Name one of the connected companies with --company: {0}").format(", ".join(sorted(known))))
    return known[company]


def _started(connection: str, from_date: str | None, to_date: str | None, kinds: str | None, yes: bool) -> str:
    wanted = tuple(each.strip() for each in kinds.split(",")) if kinds else history_page.EVERY_KIND
    try:
        expected = history_page.expected(connection, from_date or "", to_date or "", wanted)
        click.echo("\n".join(f"{each['label']}: {each['documents']}" for each in expected["kinds"]))
        said = _("{0} documents, about {1} requests to Xero, {2} a day: about {3} hours")
        click.echo(said.format(expected["documents"], expected["requests"], expected["a_day"], max(1, expected["seconds"] // 3600)))
        if not yes:
            click.confirm(_("Start?"), abort=True)
        return history.start(connection, history.HISTORY, from_date or "", to_date or "", wanted)
    except frappe.ValidationError as error:
        raise click.ClickException(str(error)) from None


def _show(connection: str, run_: str, follow: bool, every: float) -> None:
    while True:
        frappe.db.commit()
        found = next((each for each in history_page.page(connection)["runs"] if each["name"] == run_), None)
        if found is None:
            return
        click.echo(f"\r{bar(found)}", nl=not follow)
        if not follow or found["state"] not in history.OPEN:
            if follow:
                click.echo()
            return
        time.sleep(every)


def bar(found: dict[str, Any]) -> str:
    """How far an import is, in one line."""
    full = WIDE * found["done"] // found["documents"] if found["documents"] else WIDE
    said = _("{0} done, {1} wait for a person, {2} left, about {3} minutes").format(
        found["done"], found["held"], found["left"], -(-found["seconds_left"] // 60)
    )
    return f"[{'#' * full}{'-' * (WIDE - full)}] {_(found['state'])}: {said}"


commands = [xero_history]

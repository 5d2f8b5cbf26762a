"""Why a whole connection cannot send, in words: what is up and what a person does about it.

Only a refused grant (`invalid_grant`) can end a sign-in. Everything else that Xero's sign-in may answer (an app whose secret was renewed, a
server in trouble, a limit) is over once its cause is, and nobody has to sign in again for it.
"""

from __future__ import annotations

from datetime import timedelta

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, plain

# Kinds of pauses, as stored on the Xero Connection (reason_code). Xero's own refusals are named in xero/answers.
SIGN_IN_ENDED, TOKEN_REFUSED, SECRETS = "sign-in-ended", "token-refused", "secrets-unreadable"
ANOTHER_ORGANISATION = "another-organisation"
OTHER_SITE, MEANWHILE, PUT_BACK = "other-site", "other-organisation-meanwhile", "put-back-or-copied"
BY_A_PERSON = "paused-by-a-person"
FROM_FILE = "put-back-from-file"
# Xero lets nobody in any more: the connection is Disconnected, and keeps its sign-in so that reconnecting finds it.
WITHDRAWN = "access-withdrawn"
# Those that are over once somebody has signed in again. "" is a pause of a former release, which stored no kind; it was one of these, or
# another site's, which the fingerprint tells.
CURED_BY_SIGNING_IN = (
    "",
    SIGN_IN_ENDED,
    TOKEN_REFUSED,
    SECRETS,
    "scope-missing",
    WITHDRAWN,
    "organisation-refused",
    ANOTHER_ORGANISATION,
)
# Those that a renewed token certainly ends; of the others Xero has to say whether the organisation is reached.
CURED_BY_A_TOKEN = ("", SIGN_IN_ENDED, TOKEN_REFUSED, SECRETS)

# Troubles of a sign-in that still stands, as stored on the Xero Authorisation.
REFUSED, APP_REFUSED, NO_ANSWER, BUSY = "sign-in-refused", "app-refused", "sign-in-not-answering", "sign-in-busy"
# The OAuth errors that are about the registered app (RFC 6749, 5.2).
ABOUT_THE_APP = ("invalid_client", "unauthorized_client")
GRANT_REFUSED = "invalid_grant"
# A trouble that lasts so long is told; what a person has to put right sooner than what passes by itself.
# A refused grant has become an ended one long before.
TOLD_AFTER = {REFUSED: timedelta(hours=6), APP_REFUSED: timedelta(minutes=10), NO_ANSWER: timedelta(hours=1), SECRETS: timedelta()}

SIGN_IN_AGAIN = _("Press Reconnect on the Xero Connection and sign in at Xero; what waits then goes out by itself")


def ended(code: str) -> Problem:
    """Xero has refused to renew a sign-in so often that it is over."""
    return Problem(SIGN_IN_ENDED, _("Xero no longer accepts this sign-in ({code})").format(code=code), SIGN_IN_AGAIN)


def gone() -> Problem:
    """There is no sign-in any more."""
    return Problem(SIGN_IN_ENDED, _("This Xero sign-in has ended"), SIGN_IN_AGAIN)


def token_refused() -> Problem:
    """Xero refuses tokens that it has just given."""
    return Problem(TOKEN_REFUSED, _("Xero refuses this sign-in, even with a new token"), SIGN_IN_AGAIN)


def unreadable() -> Problem:
    """Stored secrets cannot be decrypted; that goes for the app's secret and for the sign-ins."""
    return Problem(
        SECRETS,
        _("Stored secrets cannot be read with this site's encryption key, which has changed"),
        _("Enter the client secret in Xero Settings again, then press Reconnect on the Xero Connection and sign in at Xero"),
    )


def refused(code: str) -> Problem:
    """Xero refused to renew a sign-in, not yet for the last time."""
    return Problem(
        REFUSED,
        _("Xero did not renew this sign-in ({code}); nothing is sent until it does").format(code=code),
        _("Wait ten minutes: it is tried again by itself. If Xero goes on refusing, you are asked to sign in again"),
    )


def app_refused(code: str, own: bool) -> Problem:
    """Xero does not know the registered app by this id and secret; `own`: those of a custom connection."""
    if own:
        cure = _("Enter the client ID and secret of the custom connection again, as its page at developer.xero.com shows them")
    else:
        cure = _(
            "Copy the client ID and a client secret from the app's page at developer.xero.com into Xero Settings; sending then goes on by itself, and nobody has to sign in again"
        )
    return Problem(APP_REFUSED, _("Xero does not accept the app's client ID and secret ({code})").format(code=code), cure)


def no_answer(said: str) -> Problem:
    """Xero's sign-in gives no token at the moment."""
    return Problem(
        NO_ANSWER,
        _("Xero's sign-in does not work at the moment ({answer})").format(answer=plain(said)),
        _("Nothing to do: it is tried again by itself. If it lasts for hours, look at status.xero.com"),
    )


def sign_in_of_another_site() -> Problem:
    """A copy of a site must not renew the sign-in of the original."""
    return Problem(
        OTHER_SITE,
        _("This sign-in at Xero belongs to another site, of which this one is a copy; it is not used here"),
        _(
            "On a copy there is nothing to do. If this is the site that should send, press Resume on the Xero Connection; where that has not gone live yet, sign in anew with Connect to Xero in Xero Settings"
        ),
    )


def another_organisation(organisation: str, other: str) -> Problem:
    """The token of a custom connection, which names the organisation of a call, opens another one than the one that is connected."""
    return Problem(
        ANOTHER_ORGANISATION,
        _("The custom connection opens {other} in Xero now, not {organisation}; nothing is sent there").format(
            other=other, organisation=organisation
        ),
        _(
            "Authorise the custom connection for {organisation} again in Xero, then press Resume on the Xero Connection (Refresh From Xero where it is still being set up). If the company is to use {other} from now on, press Disconnect, enter the custom connection anew in Xero Settings and choose {other}: what was sent to {organisation} stays there, and its connection becomes Retired"
        ).format(organisation=organisation, other=other),
    )


def busy() -> Problem:
    """Another process renews the token."""
    return Problem(BUSY, _("Another process is still refreshing the Xero sign-in"), _("Try again in a minute"))


def by_a_person(user: str) -> Problem:
    """Somebody has pressed Pause."""
    return Problem(
        BY_A_PERSON,
        _("{user} has paused this connection; what is submitted meanwhile is kept and waits").format(user=user),
        _("Press Resume on the Xero Connection; what waits then goes out by itself"),
    )


def restored_from_file(exported_at: str) -> Problem:
    """What ties documents to their records was put back from a configuration file."""
    return Problem(
        FROM_FILE,
        _("What was known of Xero was put back from a file of {time} (UTC); nothing is sent until somebody lets it").format(
            time=exported_at
        ),
        _(
            "Look through settings and mappings, then press Resume: Xero's lists are compared since the file was exported, what is there already is not sent again, and what was submitted meanwhile goes"
        ),
    )


def other_site() -> Problem:
    """A copy of the site, or a restored backup."""
    return Problem(
        OTHER_SITE,
        _("This site is not the one that went live (a copy or a restored backup?). Confirm on the Xero Connection that this one may send"),
        _("Press Resume on the Xero Connection if this is the site that should send; on a copy do nothing"),
    )


def other_organisation_meanwhile(organisation: str) -> Problem:
    """The company comes back to an organisation after it had sent to another one."""
    return Problem(
        MEANWHILE,
        _("Meanwhile this company sent to another organisation in Xero ({organisation})").format(organisation=organisation),
        _(
            "Press Change Go-Live Date and choose the day from which documents shall go to this organisation; or press Resume, and everything since the former date goes that this organisation does not have"
        ),
    )


def joined(problem: Problem) -> Text:
    """What is up and what to do, as one message."""
    return _("{reason}. {cure}").format(reason=problem.message, cure=problem.resolution) if problem.resolution else problem.message

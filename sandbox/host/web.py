"""A tiny HTTP front of a site: the app's whitelisted functions, and pages that show documents with their sync status.

`python -m sandbox.host.web --site DIR --port 8000`, then http://localhost:8000/login?user=EMAIL. A development login:
whoever reaches the port is whoever they say, so it listens on 127.0.0.1 only. As in Frappe, a POST commits, a GET is
rolled back (the function commits itself where it must), unknown arguments are dropped, and a guest reaches only what
allows guests. CSRF tokens and argument types are not imitated.
"""

from __future__ import annotations

import argparse
import html
import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.serving import run_simple
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.host import activate
from sandbox.host.site import open_site

COOKIE = "sandbox_user"
# Frappe adds these to every answer (observed on Frappe 15.72).
COOKIES = ("sid", "system_user", "full_name", "user_id", "user_image")
LISTED = ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Xero Connection")
STATUS_METHOD = "picortex_xero.api.status.document_status"
ROUTES = Map(
    [
        Rule("/", endpoint="home"),
        Rule("/app", endpoint="home"),
        Rule("/login", endpoint="login"),
        Rule("/api/method/<path:method>", endpoint="method"),
        Rule("/app/<slug>", endpoint="listing"),
        Rule("/app/<slug>/<path:name>", endpoint="document"),
    ]
)
STYLE = "body{font:15px system-ui;margin:2em auto;max-width:70em}td,th{padding:.3em .8em;text-align:left;border-bottom:1px solid #ddd}"


class Front:
    """The WSGI application of one site."""

    def __init__(self, site: Path | str) -> None:
        self.site = Path(site).resolve()
        activate(self.site.parent)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        from frappe.translate import get_user_lang

        request = Request(environ)
        try:
            endpoint, given = ROUTES.bind_to_environ(environ).match()
            with open_site(self.site, user=self._user(request)) as frappe:
                frappe.local.lang = get_user_lang()
                frappe.local.request, frappe.local.cookie_manager = request, SimpleNamespace(cookies=dict.fromkeys(COOKIES, ""))
                response = getattr(self, f"_{endpoint}")(frappe, request, **given)
                for name, value in frappe.local.cookie_manager.cookies.items():
                    response.set_cookie(name, value)
        except HTTPException as error:
            response = error.get_response(environ)
        except Exception as error:
            status = getattr(error, "http_status_code", None)
            if status is None:
                raise
            response = Response(str(error), status=status)
        return response(environ, start_response)

    @staticmethod
    def _user(request: Request) -> str:
        return request.headers.get("X-Sandbox-User") or request.cookies.get(COOKIE) or "Guest"

    def _login(self, frappe: Any, request: Request) -> Response:
        user = request.values.get("user", "Administrator")
        if not frappe.db.exists("User", user):
            raise NotFound(f"no user {user}")
        response = redirect(request.values.get("to", "/"))
        response.set_cookie(COOKIE, user, httponly=True, samesite="Lax")
        return response

    def _method(self, frappe: Any, request: Request, method: str) -> Response:
        try:
            returned = self._call(frappe, request, method)
            if request.method != "GET" or frappe.flags.commit:
                frappe.db.commit()
        except Exception as error:  # every error is an answer here, as in Frappe's own front
            frappe.db.rollback()
            status = getattr(error, "http_status_code", 500)
            body = {"exc_type": type(error).__name__, "exception": str(error), "messages": frappe.local.message_log}
            if status == 500:
                body["traceback"] = frappe.get_traceback()
            return _json(frappe, body, status)
        if isinstance(returned, Response):
            return returned
        answer = frappe.local.response
        if answer.get("type") == "redirect":
            return redirect(answer["location"])
        status = answer.pop("http_status_code", 200)
        return _json(frappe, {**answer, "message": returned}, status)

    def _call(self, frappe: Any, request: Request, method: str) -> Any:
        from frappe._hooks import whitelisted

        try:
            function = frappe.get_attr(method)
        except (ImportError, AttributeError, ValueError):
            raise frappe.DoesNotExistError(f"no method {method}") from None
        allowed = whitelisted.get(function)
        if allowed is None or request.method not in allowed["methods"]:
            raise frappe.PermissionError(f"{method} may not be called with {request.method}")
        if frappe.session.user == "Guest" and not allowed["allow_guest"]:
            raise frappe.PermissionError(f"{method} needs a login")
        sent = request.get_json(silent=True) or {}
        arguments = {**request.args.to_dict(), **request.form.to_dict(), **(sent if isinstance(sent, dict) else {"data": sent})}
        parameters = inspect.signature(function).parameters
        if not any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            arguments = {name: value for name, value in arguments.items() if name in parameters}
        return function(**arguments)

    def _home(self, frappe: Any, request: Request) -> Response:
        rows = [[_link(f"/app/{_slug(doctype)}", doctype), frappe.db.count(doctype)] for doctype in LISTED if _known(frappe, doctype)]
        return _page(f"{frappe.local.site}: signed in as {frappe.session.user}", _table(["", "documents"], rows))

    def _listing(self, frappe: Any, request: Request, slug: str) -> Response:
        doctype = _doctype(frappe, slug)
        frappe.has_permission(doctype, "read", throw=True)
        names = frappe.get_all(doctype, pluck="name", order_by="creation desc", limit=100)
        rows = [[_link(_address(doctype, name), name), *_status_cells(frappe, doctype, name)] for name in names]
        return _page(doctype, _table([doctype, "status"], rows))

    def _document(self, frappe: Any, request: Request, slug: str, name: str) -> Response:
        doctype = _doctype(frappe, slug)
        if not frappe.db.exists(doctype, name):
            raise NotFound(f"no {doctype} {name}")
        document = frappe.get_doc(doctype, name)
        document.check_permission("read")
        status = _status(frappe, doctype, name)
        values = {field: value for field, value in document.as_dict().items() if value not in (None, "", [], 0)}
        shown = [[html.escape(field), html.escape(str(value)[:300])] for field, value in values.items() if not isinstance(value, list)]
        status_rows = [[html.escape(str(key)), _value(value)] for key, value in status.items()]
        return _page(f"{doctype} {name}", _table(["sync", ""], status_rows) + _table(["field", ""], shown))


def _status(frappe: Any, doctype: str, name: str) -> dict[str, Any]:
    """The app's own answer; nothing for DocTypes it does not sync."""
    if doctype not in LISTED[:3]:
        return {}
    return frappe.get_attr(STATUS_METHOD)(doctype=doctype, name=name) or {}


def _status_cells(frappe: Any, doctype: str, name: str) -> list[str]:
    return [html.escape(str(_status(frappe, doctype, name).get("message", "")))]


def _doctype(frappe: Any, slug: str) -> str:
    found = [name for name in frappe.get_all("DocType", pluck="name") if _slug(name) == slug]
    if not found:
        raise NotFound(f"no document type {slug}")
    return found[0]


def _known(frappe: Any, doctype: str) -> bool:
    return bool(frappe.db.exists("DocType", doctype)) and frappe.has_permission(doctype, "read")


def _slug(doctype: str) -> str:
    return doctype.lower().replace(" ", "-")


def _address(doctype: str, name: str) -> str:
    return f"/app/{_slug(doctype)}/{quote(name)}"


def _link(address: str, text: str) -> str:
    return f'<a href="{html.escape(address)}">{html.escape(text)}</a>'


def _value(value: Any) -> str:
    return _link(value, value) if isinstance(value, str) and value.startswith("http") else html.escape(str(value))


def _table(heads: list[str], rows: list[list[Any]]) -> str:
    head = "".join(f"<th>{html.escape(each)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _page(title: str, body: str) -> Response:
    text = f"<!doctype html><title>{html.escape(title)}</title><style>{STYLE}</style><h1>{html.escape(title)}</h1>{body}"
    return Response(text, mimetype="text/html")


def _json(frappe: Any, body: dict[str, Any], status: int) -> Response:
    return Response(frappe.as_json(body), status=status, mimetype="application/json")


def main() -> None:
    """Command line: serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    run_simple("127.0.0.1", given.port, Front(given.site), threaded=True)


if __name__ == "__main__":
    main()

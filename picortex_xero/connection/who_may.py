"""Who may do what: the one table. The DocTypes' permissions, the whitelisted functions, the buttons and docs/permissions.md are held to it by
tests; so it is changed first, and they follow.

Within every row Frappe's User Permissions on Company apply, to System Managers too: what belongs to a company that a user may not see, he
neither reads nor moves. Permissions that a site gives to roles of its own (Role Permission Manager) count as well, except where pressing
or reading is a matter of the role itself (`presses`, `reads_details`).
"""

from __future__ import annotations

from collections.abc import Iterable

MANAGER, ADMIN, ACCOUNTANT, AUDITOR = "System Manager", "Xero Admin", "Xero Accountant", "Xero Auditor"
# He agrees to documents that a rule holds back, and sees nothing else of the app.
APPROVER = "Xero Approver"
OURS = (ADMIN, ACCOUNTANT, AUDITOR, APPROVER)
ROLES = (MANAGER, *OURS)
# Not a role: whoever may read the document in question, with or without a role of the app.
READER = "whoever may read the document"

# What may be done with a DocType. Nobody imports, shares, mails, submits, cancels or amends one of the app's.
RIGHTS = ("read", "write", "create", "delete", "report", "export", "print")
NEVER = ("select", "import", "share", "email", "submit", "cancel", "amend")
_SEEN = ("read", "report")
_READ = (*_SEEN, "export", "print")
_MAPPING: dict[str, tuple[str, ...]] = {MANAGER: _SEEN, ADMIN: (*_READ, "write", "create", "delete"), ACCOUNTANT: _READ, AUDITOR: _READ}
_BY_BOTH: dict[str, tuple[str, ...]] = {**dict.fromkeys((ADMIN, ACCOUNTANT), (*_READ, "write", "create", "delete")), AUDITOR: _READ}
_OF_THE_BOOKS: dict[str, tuple[str, ...]] = {ADMIN: _READ, ACCOUNTANT: _READ, AUDITOR: _READ}

DOCTYPES: dict[str, dict[str, tuple[str, ...]]] = {
    "Xero Settings": {MANAGER: ("read", "write", "create"), ADMIN: ("read", "write", "create"), ACCOUNTANT: ("read",), AUDITOR: ("read",)},
    # Who may create one may connect and reconnect; who may write, decide what is sent, and stop it.
    "Xero Connection": {MANAGER: (*_SEEN, "create"), ADMIN: (*_READ, "write", "create"), ACCOUNTANT: _READ, AUDITOR: _READ},
    # Of these a user sees his own, and those that a connection uses which he may see (sign_ins.py).
    "Xero Authorisation": {MANAGER: _SEEN, ADMIN: _SEEN},
    "Xero Account Mapping": _MAPPING,
    "Xero Tax Mapping": _MAPPING,
    "Xero Payment Mapping": _MAPPING,
    "Xero Deduction Mapping": _MAPPING,
    "Xero Tracking Mapping": _MAPPING,
    # What was changed on the mapping screen, read by whoever reads the mappings.
    "Xero Mapping Change": {MANAGER: _SEEN, **_OF_THE_BOOKS},
    "Xero Outbox Entry": _OF_THE_BOOKS,
    "Xero Step Cause": _OF_THE_BOOKS,
    "Xero Attempt": _OF_THE_BOOKS,
    "Xero Link": _OF_THE_BOOKS,
    "Xero Link Target": _OF_THE_BOOKS,
    "Xero Sync Log": _OF_THE_BOOKS,
    "Xero Unlinked Record": _OF_THE_BOOKS,
    "Xero Inbound Event": _OF_THE_BOOKS,
    "Xero Incoming Record": _OF_THE_BOOKS,
    "Xero Changed Record": _OF_THE_BOOKS,
    "Xero Comparison": _OF_THE_BOOKS,
    "Xero Difference": _OF_THE_BOOKS,
    "Xero Connection State": _OF_THE_BOOKS,
    "Xero Question Run": _OF_THE_BOOKS,
    "Xero Question Result": _OF_THE_BOOKS,
    "Xero Preview Run": _OF_THE_BOOKS,
    "Xero Preview Row": _OF_THE_BOOKS,
    "Xero Test Run": _OF_THE_BOOKS,
    "Xero Test Record": _OF_THE_BOOKS,
    # How many invoices and bills a plan of Xero's allows: of no company.
    "Xero Plan": {ADMIN: (*_READ, "write", "create", "delete"), ACCOUNTANT: _READ, AUDITOR: _READ},
    "Xero History Run": _OF_THE_BOOKS,
    "Xero Undo Run": _OF_THE_BOOKS,
    "Xero Undo Row": _OF_THE_BOOKS,
    # A bank's file on its way into ERPNext: who may also make Bank Transactions imports it.
    "Xero Statement Import": _BY_BOTH,
    "Xero Statement Line": _OF_THE_BOOKS,
    # Xero's reports as they were read, and packs of them.
    "Xero Report Snapshot": _OF_THE_BOOKS,
    "Xero Monthly Pack": _OF_THE_BOOKS,
    "Xero Contact": _OF_THE_BOOKS,
    "Xero Contact Reading": _OF_THE_BOOKS,
    "Xero Creation": _OF_THE_BOOKS,
    # It names accounts of every company.
    "Xero Former Name": {},
    # A file on its way in, read by whoever sent it, and by nobody in the Desk.
    "Xero Configuration Part": {},
    # Rows of a Xero Connection.
    "Xero Person Told": {},
    "Xero Pack Recipient": {},
    "Xero Sync Setting": _MAPPING,
    "Xero Sync Rule": _MAPPING,
    # What becomes of cash without a document, by bank or cash account; and what the app made of a day's, with its rows.
    "Xero Cash Choice": _MAPPING,
    "Xero Cash Summary": _OF_THE_BOOKS,
    "Xero Cash Summary Row": {},
    # How a company's bank lines are matched; what is proposed for each, and what was done; rules, and what is known of payees (forgotten by its state: deleted, it is counted again).
    "Xero Bank Setting": _MAPPING,
    "Xero Bank Proposal": _OF_THE_BOOKS,
    "Xero Bank Act": _OF_THE_BOOKS,
    "Xero Bank Rule": _BY_BOTH,
    "Xero Bank Memory": {ADMIN: (*_READ, "write", "create"), ACCOUNTANT: (*_READ, "write", "create"), AUDITOR: _READ},
    # What a company's forecast of cash counts, what only people know of it, and forecasts as they were.
    "Xero Forecast Setting": _MAPPING,
    "Xero Forecast Line": _BY_BOTH,
    "Xero Forecast": _OF_THE_BOOKS,
    # Rows of a Xero Sync Rule.
    "Xero Sync Rule Condition": {},
    "Xero Approval Step": {},
    # Who agreed.
    "Xero Approval": {**_OF_THE_BOOKS, APPROVER: _SEEN},
    # An approver names his own deputy (connection/approvers.py), and takes nothing back but by its last day.
    "Xero Deputy": {ADMIN: (*_READ, "write", "create", "delete"), ACCOUNTANT: _READ, AUDITOR: _READ, APPROVER: (*_SEEN, "write", "create")},
}

CONNECTS = (MANAGER, ADMIN)
DECIDES = (ADMIN,)
PRESSES = (ADMIN, ACCOUNTANT)
READS = (ADMIN, ACCOUNTANT, AUDITOR)
APPROVES = (ADMIN, ACCOUNTANT, APPROVER)
SEES = (MANAGER, *READS)

# The one function that whoever has no login may call: Xero's signature of the body lets a call in (inbound/webhook.py).
SIGNED = ("webhook.receive",)
# Every other whitelisted function, by its place in api/.
ENDPOINTS: dict[str, tuple[str, ...]] = {
    "connect.start": CONNECTS,
    "connect.callback": CONNECTS,
    "connect.custom_connection": CONNECTS,
    "connect.keep_secret": CONNECTS,
    "connect.keep_webhook_key": CONNECTS,
    "connect.organisations": CONNECTS,
    "connect.choose_organisation": CONNECTS,
    "connect.choices": SEES,
    "connect.refresh": DECIDES,
    "connect.before_going_live": SEES,
    "connect.before_sending": DECIDES,
    "connect.go_live": DECIDES,
    "connect.before_watching": DECIDES,
    "connect.watch_only": DECIDES,
    "connect.stop_watching": DECIDES,
    "connect.before_resuming": DECIDES,
    "connect.resume": DECIDES,
    "connect.unlinked_records": READS,
    "connect.before_disconnecting": DECIDES,
    "connect.disconnect": DECIDES,
    "connect.disconnect_only": DECIDES,
    "connect.disconnect_and_end_sign_in": DECIDES,
    "connect.pause": DECIDES,
    "connect.more_permissions": CONNECTS,
    "connect.checks_before_connecting": CONNECTS,
    "connect.checks_with_xeros_clock": CONNECTS,
    "connect.setup": SEES,
    "connect.step_opened": DECIDES,
    "connect.colleagues": CONNECTS,
    "connect.hand_over": CONNECTS,
    "compare.start": DECIDES,
    "status.document_status": (READER,),
    "status.retry": PRESSES,
    "status.credit_in_open_period": DECIDES,
    "status.send_again": PRESSES,
    "status.leave_out": PRESSES,
    "status.done_by_hand": PRESSES,
    "status.accept": PRESSES,
    "status.retry_step": PRESSES,
    "status.retry_cause": PRESSES,
    "status.records_to_choose": READS,
    "status.choose_record": PRESSES,
    "status.none_of_these": PRESSES,
    "status.connection_status": SEES,
    "status.overview": SEES,
    "contacts.state": READS,
    "contacts.read": DECIDES,
    "contacts.rows": READS,
    "contacts.search": READS,
    "contacts.link": DECIDES,
    "contacts.link_all": DECIDES,
    "contacts.unlink": DECIDES,
    "contacts.link_many": DECIDES,
    "contacts.turn_down": DECIDES,
    "contacts.unlink_many": DECIDES,
    "trying.contacts": DECIDES,
    "contacts.undo": DECIDES,
    "contacts.export": READS,
    "contacts.preview_sheet": DECIDES,
    "contacts.import_sheet": DECIDES,
    "creating.proposed_account": READS,
    "creating.create_account": DECIDES,
    "creating.proposed_option": READS,
    "creating.create_option": DECIDES,
    "mapping.show": SEES,
    "mapping.count_again": SEES,
    "mapping.save": DECIDES,
    "mapping.accept": DECIDES,
    "mapping.undo": DECIDES,
    "mapping.sign_taxes": PRESSES,
    "mapping.withdraw_taxes": PRESSES,
    "mapping.export": READS,
    "mapping.preview_sheet": DECIDES,
    "mapping.import_sheet": DECIDES,
    "home.companies": SEES,
    "home.on_its_way": SEES,
    "home.waiting": SEES,
    "home.to_fix": SEES,
    "home.by_hand": SEES,
    "home.in_xero_today": SEES,
    "home.oldest_waiting": SEES,
    "home.requests_left": SEES,
    "home.ready_to_match": SEES,
    "home.by_reason": SEES,
    "home.list_states": (READER,),
    "home.stamp": SEES,
    "why.lines": READS,
    "why.before_cancel": (READER,),
    "why.before_bulk_cancel": (READER,),
    "preview.before": READS,
    "preview.start": READS,
    "preview.newest": READS,
    "preview.watched": READS,
    "preview.look_again": PRESSES,
    "preview.head": READS,
    "preview.table": READS,
    "preview.seen": READS,
    "preview.document": READS,
    "trying.shown": READS,
    "trying.before": DECIDES,
    "trying.start": DECIDES,
    "trying.remove_left": DECIDES,
    "trying.ask_demo_company": DECIDES,
    "trying.let_go": DECIDES,
    "to_fix.causes": READS,
    "to_fix.documents": READS,
    "to_fix.said_by_xero": READS,
    "to_fix.release_all": PRESSES,
    "to_fix.release": PRESSES,
    "to_fix.send_late": PRESSES,
    "to_fix.skip": PRESSES,
    "to_fix.together": PRESSES,
    "to_fix.all_of_cause": PRESSES,
    "to_fix.may_be_assigned": PRESSES,
    "to_fix.assign": PRESSES,
    "to_fix.comment": PRESSES,
    "to_fix.tell_me": READS,
    "configuration.export": DECIDES,
    "configuration.upload": DECIDES,
    "configuration.compare": DECIDES,
    "configuration.import_file": DECIDES,
    "configuration.outcome": DECIDES,
    "rules.show": SEES,
    "rules.trees": SEES,
    "rules.save_setting": DECIDES,
    "rules.put_in_order": DECIDES,
    "rules.switch": DECIDES,
    "rules.copy": DECIDES,
    "rules.preview": READS,
    "rules.send_batch": DECIDES,
    "rules.send_now": DECIDES,
    "rules.choose_for_cash": DECIDES,
    "undoing.shown": READS,
    "undoing.documents": READS,
    "undoing.mark": DECIDES,
    "undoing.mark_selected": DECIDES,
    "undoing.start": DECIDES,
    "undoing.pause": DECIDES,
    "undoing.resume": DECIDES,
    "undoing.stop": DECIDES,
    "undoing.look_again": DECIDES,
    "undoing.let_stay": DECIDES,
    "undoing.at_once": DECIDES,
    "statement_import.lines": READS,
    **dict.fromkeys((f"statement_import.{name}" for name in ("start", "stop", "decide", "take_back")), PRESSES),
    **dict.fromkeys([f"reports.{each}" for each in ("companies", "tiles", "tracking", "refresh", "refresh_all", "read_days")], READS),
    "monthly_pack.preview": READS,
    "monthly_pack.send_now": DECIDES,
    **dict.fromkeys(("history.show", "history.forecast", "history.preview"), READS),
    "history.start": DECIDES,
    "history.opening_check": DECIDES,
    "incoming.another_one": PRESSES,
    "incoming.this_one": PRESSES,
    "incoming.here_already": PRESSES,
    "incoming.propose_month": PRESSES,
    "incoming.month_table": PRESSES,
    "incoming.make_month_journal": PRESSES,
    "history.preview_opening": READS,
    "history.start_opening": DECIDES,
    **dict.fromkeys(("history.pause", "history.resume", "history.stop"), DECIDES),
    "history.was_there": READS,
    "history.link_found": PRESSES,
    "incoming.retry": PRESSES,
    "incoming.done_by_hand": PRESSES,
    "incoming.alike": PRESSES,
    "incoming.choose": PRESSES,
    "changes.show": READS,
    "changes.people": PRESSES,
    **dict.fromkeys((f"changes.{name}" for name in ("take_over", "put_back", "leave", "tell")), PRESSES),
    "incoming.enter_here": PRESSES,
    "incoming.move_here": PRESSES,
    **dict.fromkeys((f"bank_matching.{name}" for name in ("about", "lines", "line", "choices", "acts", "coding_rows")), READS),
    **dict.fromkeys((f"bank_matching.{name}" for name in ("accept", "put_together", "categorise", "undo", "look_again")), PRESSES),
    **dict.fromkeys(("bank_rules.preview", "bank_rules.caught"), READS),
    **dict.fromkeys((f"cash_flow.{name}" for name in ("forecast", "lines", "compared")), READS),
    "bank_tool.get_linked_payments": (READER,),
    "bank_tool.reconcile_vouchers": (READER,),
    "approvals.waiting": APPROVES,
    "approvals.page": APPROVES,
    "approvals.mine": OURS,
    "approvals.preview": APPROVES,
    "approvals.decide": APPROVES,
}

REPORTS = (
    *(f"Xero {each}" for each in ("Profit and Loss", "Balance Sheet", "Trial Balance", "Bank Summary", "Budget against Actual", "Aged Receivables")),
    "Xero Aged Payables", "ERPNext beside Xero", "Xero Account Documents", "Xero Sync Report", "Ready to Match in Xero",
)  # fmt: skip
NUMBER_CARDS = (
    "Xero On Its Way", "Xero Waiting", "Xero To Fix", "Xero To Do by Hand", "Xero In Xero Today", "Xero Oldest Waiting",
    "Xero Requests Left Today", "Xero By Hand or Left Out", "Xero Ready to Match",
)  # fmt: skip
# Reports, pages, workspaces, number cards and charts of the app, by name.
SCREENS: dict[str, tuple[str, ...]] = {
    "xero-mapping": SEES,
    "xero-contacts": READS,
    # An approver finds the page Approvals there, and nothing else.
    "PiCortex connector for Xero": (*SEES, APPROVER),
    **dict.fromkeys(NUMBER_CARDS, SEES),
    **dict.fromkeys(REPORTS, READS),
    "xero-preview": READS,
    "xero-test": READS,
    "xero-to-fix": READS,
    "xero-rules": SEES,
    "xero-undo": READS,
    "xero-history": READS,
    "xero-approvals": APPROVES,
    **dict.fromkeys(("bank-matching", "xero-reports", "cash-forecast", "Xero Cash Forecast", "Xero Companies Combined"), READS),
    "Xero Waiting for Approval": OURS,
}


def presses(roles: Iterable[str]) -> bool:
    """Whether one of these roles may send documents again and say what becomes of them."""
    return bool({*PRESSES} & {*roles})


def approves(roles: Iterable[str]) -> bool:
    """Whether one of these roles may agree to what rules hold back, where it is asked."""
    return bool({*APPROVES} & {*roles})


def reads_details(roles: Iterable[str]) -> bool:
    """Whether one of these roles reads a document's number, reason and what to do."""
    return bool({*READS} & {*roles})


def lacked(endpoint: str, roles: Iterable[str]) -> str:
    """The roles of which one is needed to call this function, as a list for a sentence; "" with one of them, or where no role decides."""
    needed = [role for role in ENDPOINTS.get(endpoint, ()) if role in ROLES]
    return "" if {*needed} & {*roles} else ", ".join(needed)

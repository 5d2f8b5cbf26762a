"""Where Frappe finds the app. Points only at overrides/, engine/jobs, setup/, public/js, and api/bank_tool in place of functions of ERPNext."""

app_name = "picortex_xero"
app_title = "PiCortex connector for Xero"
app_publisher = "PiCortex"
app_description = "Submitted ERPNext documents appear in Xero by themselves, once, to the cent"
app_email = "support@picortex.example"
app_license = "MIT"
required_apps = ["frappe/erpnext"]

# Setting up and leaving
after_install = "picortex_xero.setup.install.after_install"
after_migrate = ["picortex_xero.setup.install.ensure_all"]
after_uninstall = "picortex_xero.setup.uninstall.after_uninstall"
fixtures = [{"dt": "Role", "filters": [["name", "in", ["Xero Admin", "Xero Accountant", "Xero Auditor", "Xero Approver"]]]}]

# Documents
_documents = {
    "on_submit": "picortex_xero.overrides.documents.on_submit",
    "on_cancel": "picortex_xero.overrides.documents.on_cancel",
    "on_update_after_submit": "picortex_xero.overrides.documents.on_update_after_submit",
    "after_rename": "picortex_xero.overrides.documents.after_rename",
}
_masters = {"after_rename": "picortex_xero.overrides.masters.after_rename"}
_parties = {**_masters, "on_update": "picortex_xero.overrides.masters.on_update"}
doc_events = {
    "Sales Invoice": _documents,
    "Purchase Invoice": _documents,
    "Payment Entry": _documents,
    "Journal Entry": _documents,
    "Xero Cash Summary": _documents,
    "Customer": _parties,
    "Supplier": _parties,
    "Address": {"on_update": "picortex_xero.overrides.masters.on_address"},
    "Company": _masters,
    "Account": _masters,
    "Cost Center": _masters,
    "Item Tax Template": _masters,
    "User": {"after_rename": "picortex_xero.overrides.people.after_rename"},
    "Unreconcile Payment": {"on_submit": "picortex_xero.overrides.unreconcile_payment.on_submit"},
    "File": {"after_insert": "picortex_xero.overrides.file.after_insert"},
}
# Our rows point at host documents and must never keep a person from deleting or cancelling one.
ignore_links_on_delete = [
    "Xero Link", "Xero Link Target", "Xero Outbox Entry", "Xero Step Cause", "Xero Sync Log", "Xero Difference",
    "Xero Preview Run", "Xero Preview Row", "Xero Approval", "Xero Undo Row", "Xero Incoming Record", "Xero Changed Record",
    "Xero Cash Summary", "Xero Cash Summary Row", "Xero Bank Proposal", "Xero Bank Act", "Xero Statement Import",
    "Xero Statement Line",
]  # fmt: skip
# ERPNext's Transaction Deletion Record clears every DocType with a company; what ties the books together is no transaction.
company_data_to_be_ignored = [
    "Xero Connection", "Xero Connection State", "Xero Account Mapping", "Xero Tax Mapping", "Xero Payment Mapping",
    "Xero Deduction Mapping", "Xero Tracking Mapping", "Xero Link", "Xero Link Target", "Xero Outbox Entry",
    "Xero Step Cause", "Xero Attempt", "Xero Sync Log", "Xero Unlinked Record", "Xero Comparison", "Xero Difference",
    "Xero Question Run", "Xero Question Result", "Xero Preview Run", "Xero Preview Row", "Xero Test Run",
    "Xero Test Record", "Xero Contact", "Xero Contact Reading", "Xero Creation", "Xero Mapping Change",
    "Xero Configuration Part", "Xero Sync Setting", "Xero Sync Rule", "Xero History Run", "Xero Approval",
    "Xero Undo Run", "Xero Undo Row", "Xero Inbound Event", "Xero Incoming Record", "Xero Cash Choice",
    "Xero Cash Summary", "Xero Cash Summary Row", "Xero Changed Record", "Xero Bank Setting", "Xero Bank Proposal", "Xero Bank Act",
    "Xero Bank Rule", "Xero Bank Memory", "Xero Statement Import", "Xero Statement Line", "Xero Forecast Setting", "Xero Forecast Line", "Xero Forecast", "Xero Report Snapshot", "Xero Monthly Pack",
]  # fmt: skip

# Who sees what. Everything else is filtered by its company.
has_permission = {"Xero Authorisation": "picortex_xero.overrides.xero_authorisation.has_permission"}
permission_query_conditions = {"Xero Authorisation": "picortex_xero.overrides.xero_authorisation.permission_query_conditions"}

# ERPNext's Bank Reconciliation Tool: our proposals first
get_matching_queries = ["picortex_xero.overrides.bank_reconciliation_tool.get_matching_queries"]
override_whitelisted_methods = {
    "erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool.get_linked_payments": "picortex_xero.api.bank_tool.get_linked_payments",
    "erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool.reconcile_vouchers": "picortex_xero.api.bank_tool.reconcile_vouchers",
}

# Screens
add_to_apps_screen = [
    {
        "name": "picortex_xero",
        "logo": "/assets/picortex_xero/images/picortex-connector.svg",
        "title": "PiCortex connector for Xero",
        "route": "/app/picortex-connector-for-xero",
        "has_permission": "picortex_xero.overrides.apps_screen.has_permission",
    }
]
extend_bootinfo = ["picortex_xero.overrides.boot.extend"]
_fresh, _page, _texts = "public/js/xero_stay_fresh.js", "public/js/xero_page.js", "public/js/xero_texts.js"
_next, _sheet = "public/js/xero_next_step.js", "public/js/xero_sheet.js"
page_js = {
    "xero-mapping": [
        _fresh,
        _next,
        "public/js/xero_mapping_rows.js",
        "public/js/xero_mapping_table.js",
        "public/js/xero_mapping_choosing.js",
        _sheet,
        "public/js/xero_mapping_sheet.js",
    ],  # fmt: skip
    "xero-contacts": [_fresh, _next, "public/js/xero_contacts_table.js", _sheet, "public/js/xero_contacts_sheet.js"],
    "xero-preview": [_texts, _page, _fresh, _next],
    "xero-test": [_page, _fresh, _next],
    "xero-to-fix": [_fresh, "public/js/xero_to_fix_rows.js", "public/js/xero_to_fix_together.js", "public/js/xero_to_fix_documents.js"],
    "xero-history": [_texts, _page, _fresh, "public/js/xero_day_fields.js", "public/js/xero_opening_balances.js"],
    "xero-rules": "public/js/xero_day_fields.js",
    "xero-undo": [_page, _fresh],
    "xero-reports": [_texts, _page],
    "bank-matching": [_page, "public/js/bank_matching_parts.js", "public/js/bank_matching_codings.js"],
    "cash-forecast": [_texts, _page],
}
doctype_js = {
    "Sales Invoice": "public/js/accounts_indicator.js",
    "Purchase Invoice": "public/js/accounts_indicator.js",
    "Payment Entry": "public/js/accounts_indicator.js",
    "Journal Entry": "public/js/accounts_indicator.js",
    "Xero Cash Summary": "public/js/accounts_indicator.js",
    "Xero Connection": "public/js/xero_choices.js",
    "Xero Account Mapping": "public/js/xero_choices.js",
    "Xero Tax Mapping": "public/js/xero_choices.js",
    "Xero Payment Mapping": "public/js/xero_choices.js",
    "Xero Deduction Mapping": "public/js/xero_choices.js",
    "Xero Tracking Mapping": "public/js/xero_choices.js",
    "Xero Cash Choice": "public/js/xero_choices.js",
}
# Read whenever one of these is shown, in whatever view.
doctype_list_js = {
    **{doctype: _texts for doctype in [*company_data_to_be_ignored, "Xero Settings", "Xero Authorisation", "Xero Plan", "Xero Deputy"]},
    "Xero Connection": [_texts, _fresh],
    "Sales Invoice": "public/js/xero_in_lists.js",
    "Purchase Invoice": "public/js/xero_in_lists.js",
    "Payment Entry": "public/js/xero_in_lists.js",
    "Journal Entry": "public/js/xero_in_lists.js",
    "Xero Cash Summary": "public/js/xero_in_lists.js",
}

# Jobs
scheduler_events = {
    # Every minute: the sweep is what makes a lost wake, a dead worker or a Redis outage harmless.
    "cron": {
        "* * * * *": ["picortex_xero.engine.jobs.sweep"],
        # By the site's time.
        "0 7 * * *": ["picortex_xero.engine.jobs.digest"],
        "*/10 * * * *": ["picortex_xero.engine.jobs.bank_proposals"],
        "30 2 * * *": ["picortex_xero.engine.jobs.bank_proposals_nightly"],
        "15 5 * * *": ["picortex_xero.engine.jobs.forecasts"],
        "25 * * * *": ["picortex_xero.engine.jobs.monthly_packs"],
    },
    # In the long queue: a year of documents takes longer than a short one allows.
    "hourly_long": ["picortex_xero.engine.jobs.find_missed"],
}
default_log_clearing_doctypes = {"Xero Sync Log": 730, "Xero Attempt": 30, "Xero Unlinked Record": 90, "Xero Inbound Event": 35}

"""What a person can do about each error of errors.json, by its code. In Python and not in that file, so that Frappe's translation tools
find the texts."""

from __future__ import annotations

from ..accounting.texts import _

RESOLUTIONS = {
    "account-archived": _("Restore the account in Xero or map to another one; then it goes by itself within the hour"),
    "account-not-allowed": _("Map the account to another Xero account under Accounts in Mapping; then it goes by itself"),
    "account-unknown": _("Correct the code under Accounts in Mapping; then it goes by itself"),
    "contact-archived": _("Restore the contact in Xero; then it is tried again by itself within the day, or at once by Retry"),
    "contact-refused": _("Correct the e-mail address and the other details of the customer or supplier; then it goes by itself"),
    "currency-off": _("Add the currency in Xero (Settings, Currencies); then it goes by itself within the hour"),
    "item-unknown": _("Correct the item in Xero, or turn off Send Item Codes on the Xero Connection; then press Retry"),
    "locked": _(
        "Ask your accountant: where the lock is moved in Xero, it goes by itself within the hour; else amend the document to an open day"
    ),
    "paid-in-xero": _("Remove the payment in Xero, then press Retry"),
    "payment-account-archived": _("Restore the bank account in Xero or map to another one; then it goes by itself within the hour"),
    "payment-account-invalid": _(
        "Map to a bank account, or for the payment of an invoice or bill allow payments to the account in Xero. Money spent or received needs a bank account: where the account is none, remove its row under Bank and payment accounts in Mapping, map it under Accounts in Mapping and press Retry, and a journal on it becomes a manual journal"
    ),
    "payment-exceeds-due": _(
        "See in Xero what else was paid or credited on the invoice; remove it there and press Retry, or cancel the payment here"
    ),
    "payment-in-batch": _("Delete the batch payment in Xero, then press Retry"),
    "plan-limit": _(
        "Raise the Xero plan or wait for next month: one document is tried now and then, once a day at least, and when it goes the others follow; or press Refresh From Xero on the Xero Connection"
    ),
    "tax-not-allowed": _("Map the tax to a tax type that this account allows under Taxes in Mapping; then it goes by itself"),
    "tax-unknown": _("Correct the tax type under Taxes in Mapping; then it goes by itself"),
    "tracking-unknown": _("Correct the names under Tracking in Mapping; then it goes by itself"),
}

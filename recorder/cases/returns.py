"""Named cases of credit and debit notes: against unpaid, part paid and paid documents, refunded, stand-alone, allocated later."""

from __future__ import annotations

from typing import Any

from recorder.chains import Chain, case
from recorder.forms import BILL_LINES, LATER, bill, goods_return, lines, payment, reconcile, sale


def _returned(chain: Chain, paid: float, keep_open: int, share: float = 1.0, side: str = "sale") -> tuple[Any, Any]:
    """An invoice (or bill), a payment of `paid` (0..1) of it, and a note over `share` of it; the invoice and the note."""
    if side == "sale":
        party = chain.customer()
        made = chain.submit(sale(chain, party, [("PANEL", 4, 148.5), ("LABOUR", 2, 95.0)]))
    else:
        party = chain.supplier()
        made = chain.submit(bill(chain, party, BILL_LINES))
    amount = round(made.outstanding_amount * paid, 2)
    if amount:
        chain.submit(payment(chain, "Receive" if side == "sale" else "Pay", party, amount, [(made, amount)]))
    return made, chain.submit(goods_return(chain, made, keep_open, share))


for _side, _word, _what in (("sale", "return", "invoice"), ("bill", "debit-note", "bill")):
    for _paid, _name in ((0.0, "unpaid"), (0.4, "part-paid"), (1.0, "paid")):
        for _open in (1, 0):
            case(f"{_word}-{_name}-{'open' if _open else 'at-once'}",
                 f"Half of a {_name.replace('-', ' ')} {_what} comes back, update_outstanding_for_self {_open}")(
                lambda chain, p=_paid, o=_open, s=_side: _returned(chain, p, o, 0.5, s))  # type: ignore[misc]  # fmt: skip


@case("return-whole-at-once", "The whole of an unpaid invoice comes back, update_outstanding_for_self 0")
def whole(chain: Chain) -> None:
    _returned(chain, 0.0, 0)


@case("return-above-due", "A credit above the amount due, update_outstanding_for_self 0 asked for: ERPNext sets it back to 1")
def above_due(chain: Chain) -> None:
    _returned(chain, 0.9, 0, 0.5)


@case("return-foreign", "Return of a dollar invoice: at another rate it is refused", "NZ")
def foreign(chain: Chain) -> None:
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    made = chain.submit(sale(chain, chain.customer("USD"), [("GATE", 2, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    chain.refused(goods_return(chain, made, 0, 0.5, conversion_rate=1.7))
    chain.submit(goods_return(chain, made, 0, 0.5))


@case("return-inclusive", "Return of one line of a tax-included invoice", "UK")
def inclusive(chain: Chain) -> None:
    made = chain.submit(sale(chain, chain.customer(), [("PANEL", 3, 99.99), ("LABOUR", 1, 10.01)], included=True))
    chain.submit(goods_return(chain, made, 1, 1 / 3, first_only=True))


@case("return-refunded", "Paid invoice comes back; the credit note is paid out")
def refunded(chain: Chain) -> None:
    made, note = _returned(chain, 1.0, 1)
    due = note.outstanding_amount
    chain.submit(payment(chain, "Pay", made.customer, -due, [(note, due)], party_type="Customer"))


@case("return-refunded-in-part", "Credit note of 0.5, paid out in two parts")
def refunded_parts(chain: Chain) -> None:
    made, note = _returned(chain, 1.0, 1, 0.5)
    for share in (-100.0, round(note.outstanding_amount + 100, 2)):
        chain.submit(payment(chain, "Pay", made.customer, -share, [(note, share)], party_type="Customer"))


@case("debit-note-refunded", "Supplier pays back what a debit note owes")
def debit_refunded(chain: Chain) -> None:
    made, note = _returned(chain, 1.0, 1, 0.5, "bill")
    due = note.outstanding_amount
    chain.submit(payment(chain, "Receive", made.supplier, -due, [(note, due)], party_type="Supplier"))


def _alone(chain: Chain, doctype: str) -> Any:
    if doctype == "Sales Invoice":
        typed = sale(chain, chain.customer(), [("PANEL", -1, 148.5)], is_return=1)
    else:
        typed = bill(chain, chain.supplier(), [("TIMBER", -30, 4.3)], is_return=1)
    return chain.submit(typed)


@case("return-stand-alone", "A credit note without an invoice")
def alone(chain: Chain) -> None:
    _alone(chain, "Sales Invoice")


@case("debit-note-stand-alone", "A supplier credit without a bill")
def debit_alone(chain: Chain) -> None:
    _alone(chain, "Purchase Invoice")


@case("return-allocated-later", "Credit note left open, then allocated to its own invoice by Payment Reconciliation (the host's journal)")
def allocated_later(chain: Chain) -> None:
    made, note = _returned(chain, 0.0, 1, 0.5)
    reconcile(chain, "Customer", made.customer, note.name, made.name)


@case("return-to-other-invoice", "A credit note applied to another invoice, in part")
def other_invoice(chain: Chain) -> None:
    made, note = _returned(chain, 1.0, 1, 0.5)
    other = chain.submit(sale(chain, made.customer, [("GATE", 1, 489)], LATER))
    reconcile(chain, "Customer", made.customer, note.name, other.name, 150.0)


@case("debit-note-allocated-later", "Supplier credit allocated to another bill later")
def debit_later(chain: Chain) -> None:
    made, note = _returned(chain, 1.0, 1, 0.5, "bill")
    other = chain.submit(bill(chain, made.supplier, [("RENT", 1, 3450)], LATER))
    reconcile(chain, "Supplier", made.supplier, note.name, other.name)


@case("debit-note-to-customer", "is_debit_note: the customer is charged more on an earlier invoice")
def is_debit_note(chain: Chain) -> None:
    made = chain.submit(sale(chain, chain.customer()))
    chain.submit(sale(chain, made.customer, day=LATER, is_debit_note=1, return_against=made.name,
                      items=lines([("LABOUR", 0, 37.5)])))  # fmt: skip


@case("return-cancelled", "A credit note cancelled after it was allocated")
def cancelled(chain: Chain) -> None:
    made, note = _returned(chain, 0.0, 1, 0.5)
    reconcile(chain, "Customer", made.customer, note.name, made.name)
    chain.cancel(note)

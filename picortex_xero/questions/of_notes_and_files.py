"""Experiments on history notes and files."""

from __future__ import annotations

from .experiments import experiment
from .organisation import Differs, NotAsked, Organisation, expect, said


@experiment("Xero's developer documentation: history and notes; C: whether they count as a change")
def a_history_note_can_be_read_back(org: Organisation) -> str:
    """A note is found in the history by its text."""
    sale, text = org.invoice(), org.name("Entered in PiCortex")
    path, before = f"Invoices/{sale['InvoiceID']}/History", org.one("Invoices", sale["InvoiceID"])["UpdatedDateUTC"]
    answer = org.call("PUT", path, {"HistoryRecords": [{"Details": text}]})
    expect(answer.status == 200, said(answer))
    found = sum(each.get("Details") == text for each in org.get(path).get("HistoryRecords") or [])
    expect(found == 1, f"found {found} times")
    changed = org.one("Invoices", sale["InvoiceID"])["UpdatedDateUTC"] != before
    return f"it {'counts' if changed else 'does not count'} as a change of the invoice"


@experiment("C: notes on what is voided")
def a_note_can_be_added_to_a_voided_invoice(org: Organisation) -> str:
    """A voided record's history still takes a note."""
    sale, text = org.invoice(), org.name("Cancelled in PiCortex")
    voided = org.post(f"Invoices/{sale['InvoiceID']}", {"Status": "VOIDED"})
    if voided.status != 200:
        raise NotAsked(f"the invoice could not be voided: {said(voided)}")
    path = f"Invoices/{sale['InvoiceID']}/History"
    answer = org.call("PUT", path, {"HistoryRecords": [{"Details": text}]})
    expect(answer.status == 200, said(answer))
    expect(any(each.get("Details") == text for each in org.get(path).get("HistoryRecords") or []), "it is not in the history")
    return "it is there"


@experiment("Xero's developer documentation: attachments; C: the name in the answer, and files on what is authorised")
def a_file_with_its_own_type_replaces_the_one_of_its_name(org: Organisation) -> str:
    """PUT of raw bytes under a name; the same name again leaves one file, whose FileName is what was sent."""
    sale = org.invoice()
    path = f"Invoices/{sale['InvoiceID']}/Attachments"
    for content in (b"%PDF-1.4 one", b"%PDF-1.4 two, longer"):
        answer = org.call("PUT", f"{path}/SINV-1.pdf", raw=content, kind="application/pdf")
        if answer.status != 200:
            raise Differs(said(answer))
    shown = [(each.get("FileName"), int(each.get("ContentLength") or 0)) for each in org.get(path).get("Attachments") or []]
    expect(shown == [("SINV-1.pdf", 20)], shown)
    return "one file, the second"

"""How long a bank's statement file takes until its lines can be shown: read, checked against its balances, each line with its id. `make bench-statements`.

    python -m benchmarks.statement_files [--lines 2000,10000] [--json]

Each form in a process of its own, so that its memory is its own. What ERPNext takes to make the Bank Transactions is measured on a bench (`test_many_lines` of the bench suite prints it;
STATEMENT_LINES says how many).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

FORMS = ("CSV", "OFX", "MT940", "CAMT")
OPENING = Decimal("1000.00")


def _amounts(lines: int) -> list[Decimal]:
    return [Decimal(at % 977 + 1) / 100 * (-1 if at % 3 else 1) for at in range(lines)]


def _csv(lines: int) -> str:
    rows, balance = ["Date,Description,Reference,Amount,Balance"], OPENING
    for at, amount in enumerate(_amounts(lines)):
        balance += amount
        rows.append(f"2026-{at * 12 // lines + 1:02}-{at % 28 + 1:02},CARD PURCHASE SHOP {at} AUCKLAND,REF {at},{amount},{balance}")
    return "\n".join(rows)


def _ofx(lines: int) -> str:
    rows = [
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>2026{at * 12 // lines + 1:02}{at % 28 + 1:02}<TRNAMT>{amount}<FITID>{at}<NAME>SHOP {at}<MEMO>CARD {at}</STMTTRN>"
        for at, amount in enumerate(_amounts(lines))
    ]
    head = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>NZD<BANKACCTFROM><BANKID>12<ACCTID>1<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>\n"
    return head + "\n".join(rows) + "\n</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"


def _mt940(lines: int) -> str:
    rows = [":20:START", ":25:37040044/0532013000", ":28C:1/1", f":60F:C260101EUR{_comma(OPENING)}"]
    for at, amount in enumerate(_amounts(lines)):
        day = f"{at * 12 // lines + 1:02}{at % 28 + 1:02}"
        rows.append(f":61:26{day}{day}{'C' if amount > 0 else 'D'}{_comma(abs(amount))}NTRFREF{at}//BANK{at}")
        rows.append(f":86:166?00GUTSCHRIFT?20SVWZ+RECHNUNG {at}?32SHOP {at}")
    closing = OPENING + sum(_amounts(lines))
    rows.append(f":62F:{'C' if closing >= 0 else 'D'}261231EUR{_comma(abs(closing))}")
    return "\n".join([*rows, "-"])


def _camt(lines: int) -> str:
    closing = OPENING + sum(_amounts(lines))
    rows = [
        f'<Ntry><Amt Ccy="EUR">{abs(amount)}</Amt><CdtDbtInd>{"CRDT" if amount > 0 else "DBIT"}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-{at * 12 // lines + 1:02}-{at % 28 + 1:02}</Dt></BookgDt><AcctSvcrRef>B{at}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>REF {at}</EndToEndId></Refs><RmtInf><Ustrd>RECHNUNG {at}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for at, amount in enumerate(_amounts(lines))
    ]
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(amount)}</Amt><CdtDbtInd>{"CRDT" if amount >= 0 else "DBIT"}</CdtDbtInd></Bal>'
        for code, amount in (("OPBD", OPENING), ("CLBD", closing))
    )
    return (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id>'
        f"<Ccy>EUR</Ccy></Acct>{balances}{''.join(rows)}</Stmt></BkToCstmrStmt></Document>"
    )


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


WRITERS: dict[str, Callable[[int], str]] = {"CSV": _csv, "OFX": _ofx, "MT940": _mt940, "CAMT": _camt}


def measure(form: str, lines: int) -> dict[str, Any]:
    """Read one file of this form: `seconds`, `megabytes` (of the process, more than before it read), `file_megabytes`. AssertionError where a line is lost, an id is there twice or balances do
    not agree."""
    from picortex_xero.statements import identity, reading

    content = WRITERS[form](lines).encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    (statement,) = reading.read(content)
    ids = identity.identities("Bank", statement.lines)
    seconds = time.process_time() - began
    assert len(statement.lines) == len(set(ids)) == lines, (form, len(statement.lines), len(set(ids)))
    assert not statement.gap, (form, statement.gap)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "form": form,
        "lines": lines,
        "seconds": round(seconds, 2),
        "megabytes": more // 1024,
        "file_megabytes": round(len(content) / 1e6, 1),
    }


def main() -> None:
    """Print a row for each form and number of lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", default="2000,10000")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = []
    for form in FORMS:
        for lines in (int(each) for each in asked.lines.split(",")):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found.append(pool.apply(measure, (form, lines)))
    if asked.json:
        print(json.dumps(found, indent=1))
        return
    print("| form | lines | seconds (processor) | more memory, MB | file, MB |\n|---|---|---|---|---|")
    for each in found:
        print(f"| {each['form']} | {each['lines']:,} | {each['seconds']} | {each['megabytes']} | {each['file_megabytes']} |")


if __name__ == "__main__":
    main()

"""Tax numbers as they are compared: "GB 123 4567 89", "VAT 123456789" and "123456789" are one number to an organisation in the UK.

Labels and separators go, and the letters of the organisation's own country; another country's letters stay, since GB123 is not IE123. New
Zealand's IRD numbers are written with eight digits or with a zero in front (its Inland Revenue, "IRD numbers").
"""

from __future__ import annotations

import re
from typing import Any

from ...accounting.plain_text import one_line

LABELS = (
    "ABN ACN ARBN GST GSTIN VAT IRD NZBN TAX TIN EIN FEIN UTR BTW TVA IVA MWST UST USTID USTIDNR UID TAXID VATID VATNO GSTNO ABNNO".split()
)
# Words that are labels only beside one: "NO" and "ID" begin tax numbers of Norway and Indonesia.
BESIDE_LABELS = "NO NR NUM NUMBER ID IDNO REG REGNO REGISTRATION REGISTERED".split()
OWN_LETTERS = {"GB": ("GB",), "UK": ("GB",), "GR": ("EL", "GR")}


def comparable(number: Any, country: str = "") -> str:
    """The number by which two are compared; "" where there is none. `country`: the two letters of the organisation's country."""
    if not number:
        return ""
    words = re.findall(r"[0-9A-Z]+", one_line(number).upper())
    labelled = any(word in LABELS for word in words)
    found = "".join(word for word in words if word not in LABELS and not (labelled and word in BESIDE_LABELS))
    found = _without_label(found)
    if not re.search(r"\d", found):
        return ""
    for letters in OWN_LETTERS.get(country.upper(), (country.upper(),) if country else ()):
        rest = found.removeprefix(letters)
        if rest != found and re.search(r"\d", rest):
            found = rest
            break
    return found.lstrip("0") or found if country.upper() == "NZ" and found.isdigit() else found


def _without_label(found: str) -> str:
    """Without a label that was written without a blank ("ABN51824753556")."""
    for label in sorted(LABELS, key=len, reverse=True):
        if re.match(rf"{label}(?:[A-Z]{{2}})?\d", found):
            return found.removeprefix(label)
    return found

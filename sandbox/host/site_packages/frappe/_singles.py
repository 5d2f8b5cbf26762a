"""Single DocTypes: their values live as text in `tabSingles`, one row per field, and are cast when read."""

from __future__ import annotations

from typing import Any

from frappe._context import _dict
from frappe._meta import FLOAT_TYPES, get_meta
from frappe.exceptions import ValidationError


def cast(fieldtype: str, value: Any) -> Any:
    """The text of tabSingles as `get_single_value` gives it. Dates are refused: Frappe 15 reads an unset one as today."""
    if fieldtype in ("Int", "Check"):
        return int(float(value or 0))
    if fieldtype in FLOAT_TYPES:
        return float(value or 0)
    if fieldtype in ("Date", "Datetime", "Time"):
        raise NotImplementedError(f"the stand-in does not read a Single's {fieldtype} with get_single_value")
    return "" if value is None else value


class Singles:
    """The part of `frappe.db` that reads and writes Single DocTypes."""

    def get_single_value(self, doctype: str, fieldname: str) -> Any:
        """One field of a Single, cast to its type; where never set, 0 for numbers and else an empty text."""
        df = get_meta(doctype).get_field(fieldname)
        if not df:
            raise ValidationError(f"Field {fieldname} does not exist on {doctype}")
        return cast(df.fieldtype, self._single_dict(doctype).get(fieldname))

    def _single_dict(self, doctype: str) -> _dict:
        return _dict(self.sql("select `field`, `value` from `tabSingles` where `doctype` = %s", (doctype,)))  # type: ignore[attr-defined]

    def _single_value_of(self, doctype: str, fieldname: Any, as_dict: bool) -> Any:
        """`get_value(doctype, None, ...)`: the values as stored text, as Frappe gives them."""
        stored = self._single_dict(doctype)
        fields = [fieldname] if isinstance(fieldname, str) else list(fieldname)
        if as_dict:
            return _dict({field: stored.get(field) for field in fields})
        return stored.get(fields[0]) if len(fields) == 1 else [stored.get(field) for field in fields]

    def _set_single(self, doctype: str, values: dict[str, Any]) -> None:
        for field, value in values.items():
            self.sql("delete from `tabSingles` where `doctype` = %s and `field` = %s", (doctype, field))  # type: ignore[attr-defined]
            self.sql(  # type: ignore[attr-defined]
                "insert into `tabSingles` (`doctype`, `field`, `value`) values (%s, %s, %s)",
                (doctype, field, None if value is None else str(value)),
            )

"""Whatever a translator makes, no amount has more decimals than Xero keeps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.translation import AMOUNTS, Translation

D = Decimal


@pytest.mark.parametrize("name", AMOUNTS)
@pytest.mark.parametrize("nested", [False, True])
def test_a_third_decimal_of_any_amount_is_refused(name: str, nested: bool) -> None:
    body: dict[str, Any] = {"CurrencyCode": "KWD", **({"Lines": [{name: D("1.001")}]} if nested else {name: D("1.001")})}
    with pytest.raises(Refused) as refused:
        Translation(body, {})
    (problem,) = refused.value.problems
    assert (problem.code, problem.held) == ("too-many-decimals", True) and "1.001" in problem.message


def test_unit_amounts_quantities_and_rates_have_more() -> None:
    body = {"LineItems": [{"UnitAmount": D("0.0125"), "Quantity": D("3.125"), "LineAmount": D("0.04")}], "CurrencyRate": D("1.234567")}
    assert Translation(body, {}).body == body

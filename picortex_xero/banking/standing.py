"""What has been decided while a company's lines are gone through: which lines have their match, how much of each voucher is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..accounting.texts import Text
from .around import Around
from .values import DOUBTFUL, SURE, VOUCHERS, Key, Line, Part, Settings, Voucher


@dataclass(frozen=True, slots=True)
class Finding:
    """One reading of a line, before it is known what the other lines claim. `certain`: numbers or both sides' texts say it, so that it is no rival of other readings."""

    line: Line
    score: int
    reasons: tuple[Text, ...]
    parts: tuple[Part, ...] = ()
    kind: str = VOUCHERS
    difference: Decimal = Decimal(0)
    difference_is: str = ""
    other_line: str = ""
    certain: bool = False

    def doubted(self, *why: Text) -> Finding:
        """The same with what speaks against it: never sure."""
        return Finding(
            self.line,
            min(self.score - 30, DOUBTFUL),
            (*self.reasons, *why),
            self.parts,
            self.kind,
            self.difference,
            self.difference_is,
            self.other_line,
        )

    @property
    def sure(self) -> bool:
        return self.score >= SURE


class Standing:
    """`left`: of each voucher what no match has taken; `done`: the sure finding of a line; `certain`: vouchers and lines that are no rivals any more."""

    def __init__(self, around: Around, settings: Settings) -> None:
        self.around, self.settings = around, settings
        self.left: dict[Key, Decimal] = {voucher.key: voucher.amount for voucher in around.vouchers}
        self.done: dict[str, Finding] = {}
        self.certain_lines: set[str] = set()
        self.certain_vouchers: set[Key] = set()
        self._open: dict[tuple[str, str], list[Voucher]] = {}
        self.doubted: dict[str, list[Finding]] = defaultdict(list)

    def whole(self, voucher: Voucher) -> bool:
        return self.left[voucher.key] == voucher.amount

    def rival(self, voucher: Voucher) -> bool:
        """Whether a voucher could still be what another line is about."""
        return voucher.key not in self.certain_vouchers

    def open_of_party(self, party: tuple[str, str]) -> list[Voucher]:
        """The party's invoices that are rivals; looked through once in a stage, since nothing is settled within one."""
        if party not in self._open:
            self._open[party] = [
                voucher for voucher in self.around.of_party.get(party, ()) if not voucher.bank_account and self.rival(voucher)
            ]
        return self._open[party]

    def open_lines(self) -> list[Line]:
        return [line for line in self.around.lines if line.name not in self.done]

    def settle(self, found: Iterable[Finding], conflict: Text) -> None:
        """Takes findings that were made side by side. Where sure ones claim more of a voucher than is left, or the same other line, none of them is sure."""
        sure: dict[str, Finding] = {}
        self._open.clear()
        for finding in found:
            if not finding.sure:
                self.doubted[finding.line.name].append(finding)
            elif (old := sure.get(finding.line.name)) is None or old.score < finding.score:
                sure[finding.line.name] = finding
        claims: dict[Key, Decimal] = defaultdict(Decimal)
        pairs: dict[str, int] = defaultdict(int)
        for finding in sure.values():
            for part in finding.parts:
                claims[part.voucher] += part.amount
            if finding.other_line:
                pairs[finding.other_line] += 1
        over = {key for key, claimed in claims.items() if abs(claimed) > abs(self.left[key])}
        for finding in sure.values():
            if any(part.voucher in over for part in finding.parts) or (finding.other_line and pairs[finding.other_line] > 1):
                self.doubted[finding.line.name].append(finding.doubted(conflict))
                continue
            self.done[finding.line.name] = finding
            if finding.certain:
                self.certain_lines.add(finding.line.name)
            for part in finding.parts:
                self.left[part.voucher] -= part.amount
                if finding.certain and self.left[part.voucher] == 0:
                    self.certain_vouchers.add(part.voucher)

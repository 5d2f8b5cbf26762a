"""The guides show only pictures that exist, and all of them; docs/first-hour.md names only buttons and words that are in the app."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from tests.architecture.source import APP

ROOT = Path(__file__).resolve().parents[2]
GUIDE = "first-hour.md"
# Bold is what is pressed or read on a screen. This is on other screens than the app's.
ELSEWHERE = {
    "PiCortex", "Xero does not take a name with \"Xero\" in it", "My Apps", "New app", "Web app", "Configuration", "Generate a secret", "Allow access", "User",
    "Save", "green", "amber", "red", "Try with Xero's Demo Company first",
}  # fmt: skip


def pictures(docs: Path) -> list[str]:
    """What is wrong between the guides and the pictures beside them."""
    said = "\n".join(each.read_text("utf-8") for each in sorted(docs.glob("*.md")))
    named = re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", said)
    there = {each.name for each in (docs / "pictures").glob("*")}
    found = [f"{each} is not there" for each in named if each not in there]
    found += [f"{each} is in no guide" for each in sorted(there - set(named))]
    return found + [f"{each} is shown twice" for each in sorted({each for each in named if named.count(each) > 1})]


def words(docs: Path, app: Path) -> list[str]:
    """What the guide says that one presses or reads, and that no script, form or text of the app says."""
    said = "\n".join(
        path.read_text("utf-8") for kind in ("*.js", "*.py", "*.json") for path in sorted(app.rglob(kind)) if "tests" not in path.parts
    )
    guide = re.sub(r"```.*?```", "", (docs / GUIDE).read_text("utf-8"), flags=re.DOTALL)
    found = []
    for bold in re.findall(r"\*\*(.+?)\*\*", guide, flags=re.DOTALL):
        text = " ".join(bold.split())
        if text in ELSEWHERE:
            continue
        # "..." stands for what the screen fills in.
        first, *rest = [part.strip() for part in text.split("...") if part.strip()]
        if not re.search(rf'["`>/]{re.escape(first)}', said) or not all(part in said for part in rest):
            found.append(f"{text} is on no screen of the app")
    return found


def test_the_guides_and_their_pictures_belong_together() -> None:
    assert not pictures(ROOT / "docs")


def test_the_guide_names_what_is_on_the_screens() -> None:
    assert not words(ROOT / "docs", APP)


def test_a_picture_or_a_button_that_is_gone_is_seen(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "pictures").mkdir(parents=True)
    for each in (ROOT / "docs").glob("*.md"):
        shutil.copy(each, docs / each.name)
    for each in (ROOT / "docs" / "pictures").glob("*"):
        shutil.copy(each, docs / "pictures" / each.name)
    (docs / "pictures" / "09-contacts.png").rename(docs / "pictures" / "99-other.png")
    assert pictures(docs) == ["09-contacts.png is not there", "99-other.png is in no guide"]
    (docs / GUIDE).write_text((docs / GUIDE).read_text("utf-8").replace("**Start Sending**", "**Begin Sending**"), "utf-8")
    assert words(docs, APP) == ["Begin Sending is on no screen of the app"]


def test_the_record_is_of_a_fresh_site_and_within_the_clicks() -> None:
    record = json.loads((ROOT / "docs" / "journey-record.json").read_text("utf-8"))
    assert record["made_on"]["a_site_that_never_had_the_app"]
    assert record["presses_to_live"] == sum(each["presses"] for each in record["steps"] if each["to_live"])
    assert record["presses_to_live"] <= record["most_allowed"] == 40
    assert record["accounts_in_use"] >= 60 and record["taxes_in_use"] >= 8 and len(record["banks"]) >= 4


def test_the_record_tells_of_rules_approvals_history_and_undo_by_four_people() -> None:
    told = json.loads((ROOT / "docs" / "journey-record.json").read_text("utf-8"))["by_leave"]
    assert len(told["people"]) == 4
    assert told["presses"] == sum(each["presses"] for each in told["steps"])
    by_leave = ["rules set", "submitted", "one approver agreed", "both approvers agreed", "batch sent"]
    assert [*told["in_xero"]] == [*by_leave, "before the import", "history imported", "undone"]

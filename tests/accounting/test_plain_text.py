"""Texts of the host as they go to Xero: decoded once, without unseen characters; HTML as plain text."""

from __future__ import annotations

import pytest

from picortex_xero.accounting.plain_text import Sent, element, from_html, of_lines, one_line
from picortex_xero.documents.translation import Translation


@pytest.mark.case("08")
@pytest.mark.parametrize(
    ("typed", "line", "several"),
    [
        ("Filter\x0b\x02\x1f 20um", "Filter 20um", "Filter 20um"),
        ("A\u200bB\ufeffC\u00adD\x85E\x9fF\x7fG\x00H", "ABCDEFGH", "ABCDEFGH"),
        ("  two  \t blanks \n", "two blanks", "two    blanks"),
        ("one\r\ntwo\rthree\n\nfour", "one two three four", "one\ntwo\nthree\n\nfour"),
        (
            "می\u200cخواهم \U0001f469\u200d\U0001f527",
            "می\u200cخواهم \U0001f469\u200d\U0001f527",
            "می\u200cخواهم \U0001f469\u200d\U0001f527",
        ),
        ("S-9\u00a0", "S-9", "S-9"),
        ("x\ud800y", "xy", "xy"),
        (None, "", ""),
        ("\u200b\x02", "", ""),
    ],
)
def test_what_nobody_sees_is_taken_out_and_blanks_collapse_in_one_line_only(typed: str, line: str, several: str) -> None:
    assert (one_line(typed), of_lines(typed)) == (line, several)


@pytest.mark.case("10")
@pytest.mark.parametrize(
    ("stored", "means"),
    [
        ("Smith &amp; Sons", "Smith & Sons"),
        ("Hose &lt;40mm &amp; clip&gt;", "Hose <40mm & clip>"),
        ("&quot;O&#39;Hara&quot;", '"O\'Hara"'),
        ("Smith &amp;amp; Sons", "Smith &amp; Sons"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("R&D", "R&D"),
        ("fish &chips; &eacute; &nbsp;", "fish &chips; &eacute; &nbsp;"),
        ("&am\u200bp;", "&amp;"),
    ],
)
def test_entities_are_decoded_once(stored: str, means: str) -> None:
    assert one_line(stored) == of_lines(stored) == means
    assert one_line(one_line(stored)) == of_lines(one_line(stored)[:]) == means, "what is done is not done again"


@pytest.mark.case("09")
@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("<div><p>Repair of pump 3, 12 March, ticket 4711</p></div>", "Repair of pump 3, 12 March, ticket 4711"),
        ('<div class="ql-editor read-mode"><p>One</p><p><br></p><p>Two &amp; <b>three</b></p></div>', "One\nTwo & three"),
        ("<ul><li>Seal</li><li>Bearing</li></ul>", "Seal\nBearing"),
        ("<table><tr><td>Size</td><td>40</td></tr><tr><td>Colour</td><td>red</td></tr></table>", "Size 40\nColour red"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>&lt;40mm &amp;amp; caf&eacute;&nbsp;x</p>", "<40mm &amp; caf\u00e9 x"),
        ("<style>p{color:red}</style><p>Text</p><script>alert(1)</script>", "Text"),
        ("<p>a\u200b\x02b</p>\n   <p>c</p>", "ab\nc"),
        ("plain  text\nof two lines", "plain  text\nof two lines"),
        ("5 < 6 and 7 > 4", "5 < 6 and 7 > 4"),
        ("Hose <40mm", "Hose <40mm"),
        ("<p></p>", ""),
        ("<!-- note --><p>x</p>", "x"),
        ("Tom &amp; Co", "Tom & Co"),
        (None, ""),
    ],
)
def test_html_becomes_plain_text(typed: str, means: str) -> None:
    assert from_html(typed) == means


@pytest.mark.case("08")
@pytest.mark.case("10")
def test_every_text_of_an_element_and_nothing_else() -> None:
    body = {
        "Type": "ACCREC",
        "InvoiceNumber": "S\x0b-9 ",
        "Reference": "PO &amp;\x02 77",
        "Contact": {"ContactID": "c-\x02"},
        "Url": "https://erp.example/app/x?a=1&amp;sync=k1",
        "LineItems": [{"Description": "one\ntwo\x0b", "Tracking": [{"Name": "R&amp;D", "Option": "a  b"}], "Quantity": 1}],
    }
    made = Translation(body, {"InvoiceNumber": body["InvoiceNumber"], "Url": body["Url"], "Members": [["i&amp;", "1.00"]]})
    assert made.body == {
        **body,
        "InvoiceNumber": "S-9",
        "Reference": "PO & 77",
        "LineItems": [{"Description": "one\ntwo", "Tracking": [{"Name": "R&amp;D", "Option": "a  b"}], "Quantity": 1}],
    }
    assert made.marker == {"InvoiceNumber": "S-9", "Url": body["Url"], "Members": [["i&amp;", "1.00"]]}
    assert element(made.body) == made.body and isinstance(made.body["Reference"], Sent)
    again = Translation({"Reference": Translation({"Reference": "&amp;amp;"}, {}).body["Reference"]}, {})
    assert again.body == {"Reference": "&amp;"}

"""Files and printing, as far as the app uses them. Same tests on a bench and the stand-in."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Any

import frappe
from frappe.translate import print_language
from frappe.utils.xlsxutils import make_xlsx, read_xlsx_file_from_attached_file

from picortex_xero.tests.conformance import AUTH, HostTestCase

# Not UTF-8, as an image or a PDF is not; unlike any file that is on the site already, for the host stores equal content once.
PDF = b"%PDF-1.4 \xff\xfe original " + secrets.token_hex(8).encode()


class TestFile(HostTestCase):
    """Rows of File and what is behind them; nothing is committed, and the host removes the content with the rollback."""

    def file(self, content: Any = PDF, **fields: Any) -> Any:
        """A private file, attached to a document of ours unless told otherwise."""
        values = {"doctype": "File", "file_name": f"conformance {frappe.generate_hash(length=6)}.pdf", "is_private": 1, **fields}
        if "attached_to_doctype" not in values:
            values |= {"attached_to_doctype": AUTH, "attached_to_name": self.authorisation().name}
        return frappe.get_doc({**values, "content": content}).insert(ignore_permissions=True)

    def test_an_attached_file_is_found_by_what_it_is_attached_to(self) -> None:
        made = self.file()
        where = {"attached_to_doctype": AUTH, "attached_to_name": made.attached_to_name, "is_folder": 0}
        self.assertEqual(frappe.get_all("File", filters=where, pluck="name", order_by="creation asc"), [made.name])
        self.assertRegex(made.name, r"^[a-z0-9]{10}$")

    def test_its_row_has_name_place_and_size(self) -> None:
        made = self.file()
        row = frappe.db.get_value("File", made.name, ["file_name", "file_url", "file_size"], as_dict=True)
        self.assertEqual((row.file_name, row.file_size), (made.file_name, len(PDF)))
        self.assertTrue(row.file_url.startswith("/private/files/conformance"), row.file_url)

    def test_its_content_comes_back_exactly(self) -> None:
        file = frappe.get_doc("File", self.file().name)
        self.assertEqual(file.get_content(), PDF)

    def test_text_comes_back_as_text(self) -> None:
        file = frappe.get_doc("File", self.file("Tōtara: 7 €").name)
        self.assertEqual(file.get_content(), "Tōtara: 7 €")

    def test_its_bytes_are_at_its_full_path(self) -> None:
        """Whatever they are, and whatever is in the file's name."""
        for content in (
            PDF,
            b"\xef\xbb\xbfa;b\r\n1;2\r\n" + PDF[-16:],
            b"caf\xe9 " + PDF[-16:],
            "T\u014dtara".encode("utf-16") + PDF[-16:],
        ):
            made = self.file(content, file_name=f"a #1 %20 {frappe.generate_hash(length=6)}.csv")
            file = frappe.get_doc("File", made.name)
            self.assertEqual(Path(file.get_full_path()).read_bytes(), content)
            self.assertEqual(file.content_hash, hashlib.md5(content).hexdigest())

    def test_a_remote_file_keeps_its_address_and_has_no_size(self) -> None:
        made = self.file(None, file_url="https://files.example/conformance.pdf")
        row = frappe.db.get_value("File", made.name, ["file_url", "file_size"], as_dict=True)
        self.assertEqual((row.file_url, row.file_size), ("https://files.example/conformance.pdf", 0))

    def test_two_files_of_one_name_both_keep_their_content(self) -> None:
        name = f"conformance {frappe.generate_hash(length=6)}.pdf"
        first, second = self.file(file_name=name), self.file(PDF + b"2", file_name=name)
        first, second = frappe.get_doc("File", first.name), frappe.get_doc("File", second.name)
        self.assertEqual((first.get_content(), second.get_content()), (PDF, PDF + b"2"))
        self.assertEqual((first.file_name, second.file_name), (name, f"{name[:-4]}{second.content_hash[-6:]}.pdf"))

    def test_a_file_attached_to_nothing_has_no_document(self) -> None:
        made = self.file(attached_to_doctype=None)
        self.assertFalse(made.get("attached_to_doctype"))
        self.assertFalse(made.get("is_folder"))


class TestPrint(HostTestCase):
    """What a document looks like on paper."""

    def test_a_print_names_the_document(self) -> None:
        doc = self.authorisation()
        with print_language("en"):
            html = frappe.get_print(AUTH, doc.name)
        self.assertIsInstance(html, str)
        self.assertIn(doc.name, html)

    def test_a_pdf_is_bytes_or_the_host_has_no_printer(self) -> None:
        """A host without wkhtmltopdf raises OSError; the app must live with both."""
        try:
            pdf = frappe.get_print(AUTH, self.authorisation().name, as_pdf=True)
        except OSError as error:
            self.assertIn("wkhtmltopdf", str(error))
        else:
            self.assertEqual(bytes(pdf)[:5], b"%PDF-")

    def test_without_a_language_nothing_changes(self) -> None:
        before = frappe.session.user
        with print_language(""):
            self.assertEqual(frappe.session.user, before)


class TestSpreadsheet(HostTestCase):
    """Sheets as mappings leave and come back in them."""

    def test_texts_and_whole_numbers_come_back_and_html_stays(self) -> None:
        rows = [["Account", "Documents"], ["<b>Sales</b> & more", 3], ["'=quoted", None]]
        self.assertEqual(read_xlsx_file_from_attached_file(fcontent=make_xlsx(rows, "Data Export").getvalue()), rows)

    def test_what_begins_with_an_equals_sign_is_a_formula_and_not_read_back(self) -> None:
        self.assertEqual(read_xlsx_file_from_attached_file(fcontent=make_xlsx([["=1+1", "x"]], "Data Export").getvalue()), [[None, "x"]])

"""Conformance, part 5: in which language a text is shown, and what a translation is looked up by."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.translate import get_user_lang

from picortex_xero.tests.conformance import HostTestCase

# One of the app's own texts, which its translations have.
TEXT, GERMAN = "Waits until {name} is in Xero", "Wartet, bis {name} in Xero ist"


class TestLanguages(HostTestCase):
    """The app's translations through the host's own `_`; nothing is committed."""

    def user(self, **values: str) -> str:
        """A user of this test alone; whatever the host keeps of one in its cache is nobody's afterwards."""
        email = f"{frappe.generate_hash(length=10)}@languages.example"
        doc = {"doctype": "User", "email": email, "first_name": "Test", "send_welcome_email": 0, **values}
        return str(frappe.get_doc(doc).insert(ignore_permissions=True).name)

    def test_a_text_is_translated_into_the_language_that_is_asked_for(self) -> None:
        self.assertEqual(_(TEXT, "de"), GERMAN)
        self.assertEqual(_(TEXT, "en"), TEXT)

    def test_english_labels_are_read_like_any_translation(self) -> None:
        self.assertEqual((_("Xero Outbox Entry", "en"), _("Xero Attempt", "en")), ("Xero Sync Items", "Xero Requests"))
        self.assertEqual(_("DRAFT", "en", "Xero Connection"), "Draft")

    def test_what_has_no_translation_is_the_text_itself(self) -> None:
        for text in ("No app has this text {name}", "Tags <b>{name}</b> and no translation", f"{TEXT} or not"):
            self.assertEqual(_(text, "de"), text)

    def test_a_users_language_is_his_own(self) -> None:
        self.assertEqual(get_user_lang(self.user(language="de")), "de")

    def test_a_user_who_chose_none_has_one_all_the_same(self) -> None:
        self.assertTrue(get_user_lang(self.user()))

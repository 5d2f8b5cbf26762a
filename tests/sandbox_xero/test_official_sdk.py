"""Xero's official Python SDK as a second client: if it understands the simulator, the shapes are Xero's."""
from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from sandbox.xero.process import RunningXero

# The SDK writes HasAttachments, which the description calls read-only: only its requests are excused.
pytestmark = pytest.mark.wrong_requests
accounting = pytest.importorskip("xero_python.accounting", reason="the official SDK xero-python is not installed")
from xero_python.api_client import ApiClient, Configuration  # noqa: E402
from xero_python.api_client.oauth2 import OAuth2Token  # noqa: E402
from xero_python.exceptions import AccountingBadRequestException  # noqa: E402


@pytest.fixture
def sdk(xero: RunningXero) -> Any:
    token = {**xero.token(), "expires_at": 4102444800.0, "id_token": ""}
    configuration = Configuration(oauth2_token=OAuth2Token(client_id="sandbox-web", client_secret="sandbox-web-secret"))
    configuration.oauth2_token.update_token(**{key: token.get(key) for key in (
        "access_token", "refresh_token", "scope", "expires_in", "token_type", "expires_at", "id_token")})
    client = ApiClient(configuration, pool_threads=1, oauth2_token_getter=lambda: token,
                       oauth2_token_saver=lambda new: None)
    api = accounting.AccountingApi(client)
    api.base_url = f"{xero.address}/api.xro/2.0"
    return api


def invoice_of(contact_id: str, number: str) -> Any:
    line = accounting.LineItem(description="Fence panel", quantity=Decimal("7"), unit_amount=Decimal("22.87"),
                               account_code="200", tax_type="OUTPUT2")
    return accounting.Invoice(
        type="ACCREC", contact=accounting.Contact(contact_id=contact_id), line_items=[line], invoice_number=number,
        date=datetime.date(2026, 10, 5), due_date=datetime.date(2026, 10, 25), status="AUTHORISED",
        line_amount_types=accounting.LineAmountTypes.EXCLUSIVE)


def test_the_main_journey_through_the_sdk(sdk: Any, xero: RunningXero) -> None:
    tenant = xero.tenant
    organisation = sdk.get_organisations(tenant).organisations[0]
    assert (organisation.name, organisation.base_currency.value) == ("Kauri Supplies", "NZD")
    bank = next(a for a in sdk.get_accounts(tenant).accounts if a.code == "090")
    assert {r.tax_type: r.effective_rate for r in sdk.get_tax_rates(tenant).tax_rates}["OUTPUT2"] == 15
    contact = sdk.create_contacts(tenant, accounting.Contacts(contacts=[
        accounting.Contact(name="Rata Builders", contact_number="PC-1")]), summarize_errors=False).contacts[0]
    made = sdk.create_invoices(tenant, accounting.Invoices(invoices=[invoice_of(contact.contact_id, "A-1")]),
                               summarize_errors=False, unitdp=4, idempotency_key="sdk-1").invoices[0]
    assert (made.total, made.total_tax, made.status) == (Decimal("184.10"), Decimal("24.01"), "AUTHORISED")
    assert made.date == datetime.date(2026, 10, 5) and made.updated_date_utc.tzinfo is not None
    payment = sdk.create_payments(tenant, accounting.Payments(payments=[accounting.Payment(
        invoice=accounting.Invoice(invoice_id=made.invoice_id), account=accounting.Account(account_id=bank.account_id),
        amount=Decimal("100.10"), date=datetime.date(2026, 10, 20), reference="P/1")])).payments[0]
    read = sdk.get_invoice(tenant, made.invoice_id).invoices[0]
    assert (read.amount_due, read.amount_paid) == (Decimal("84.00"), Decimal("100.10"))
    listed = sdk.get_invoices(tenant, page=1, statuses=["AUTHORISED"])
    assert [i.invoice_number for i in listed.invoices] == ["A-1"] and listed.pagination.item_count == 1
    assert sdk.get_payments(tenant).payments[0].payment_id == payment.payment_id
    gone = sdk.delete_payment(tenant, payment.payment_id, accounting.PaymentDelete(status="DELETED")).payments[0]
    assert gone.status == "DELETED"
    void = sdk.update_invoice(tenant, made.invoice_id, accounting.Invoices(invoices=[
        accounting.Invoice(status="VOIDED")])).invoices[0]
    assert void.status == "VOIDED"


def test_batches_contacts_and_refusals_through_the_sdk(sdk: Any, xero: RunningXero) -> None:
    tenant = xero.tenant
    contact = sdk.create_contacts(tenant, accounting.Contacts(contacts=[
        accounting.Contact(name="Rata Builders", contact_number="PC-1")])).contacts[0]
    assert sdk.get_contact_by_contact_number(tenant, "PC-1").contacts[0].contact_id == contact.contact_id
    invoices = sdk.create_invoices(tenant, accounting.Invoices(invoices=[
        invoice_of(contact.contact_id, number) for number in ("A-1", "A-2")]), summarize_errors=False).invoices
    batch = sdk.create_batch_payment(tenant, accounting.BatchPayments(batch_payments=[accounting.BatchPayment(
        account=accounting.Account(code="090"), date=datetime.date(2026, 10, 28), payments=[
            accounting.Payment(invoice=accounting.Invoice(invoice_id=i.invoice_id), amount=Decimal("184.10"))
            for i in invoices])])).batch_payments[0]
    assert batch.total_amount == Decimal("368.20")
    sdk.delete_batch_payment(tenant, accounting.BatchPaymentDelete(
        batch_payment_id=batch.batch_payment_id, status="DELETED"))
    assert {i.status for i in sdk.get_invoices(tenant).invoices} == {"AUTHORISED"}
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.create_invoices(tenant, accounting.Invoices(invoices=[invoice_of(contact.contact_id, "A-1")]),
                            summarize_errors=True)
    assert refused.value.reason == "Invoice # must be unique."

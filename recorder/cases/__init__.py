"""The named cases, by subject. Importing this package puts every one of them into `recorder.chains.CASES`, in the order of recording."""

from recorder.cases import changes, invoices, journals, masters, payments, returns, stock

__all__ = ["changes", "invoices", "journals", "masters", "payments", "returns", "stock"]

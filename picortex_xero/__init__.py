"""PiCortex Xero: submitted ERPNext documents appear in Xero by themselves, once, to the cent."""

__version__ = "0.2.0"

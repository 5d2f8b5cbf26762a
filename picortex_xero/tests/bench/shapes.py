"""The shapes of invoices that the bench tests make, each as a sale and as a bill."""

from __future__ import annotations

from typing import Any

DISCOUNTED = {"price_list_rate": 120, "discount_percentage": 12.5}

# label -> what is typed: `lines` are (item, quantity, price, item tax template, more), the rest goes to Books.invoice
SHAPES: dict[str, dict[str, Any]] = {
    "one line": {"lines": [("PANEL", 1, 148.5)]},
    "three lines with odd cents": {"lines": [("PANEL", 3, 33.33), ("POST", 7, 1.17), ("GATE", 1, 0.99)]},
    "eight lines": {"lines": [("PANEL", n, 10.01 + n / 7) for n in range(1, 9)]},
    "tax included": {"lines": [("PANEL", 1, 110.0)], "included": True},
    "tax included, lines that do not divide": {"lines": [("PANEL", 1, 99.99), ("POST", 1, 10.01), ("GATE", 3, 7.77)], "included": True},
    "tax included, zero-rated line": {"lines": [("PANEL", 1, 57.5), ("GATE", 1, 20.0, "Zero-rated")], "included": True},
    "line discount": {"lines": [("PANEL", 3, 105, "", DISCOUNTED), ("POST", 1, 19.95)]},
    "line discount, tax included": {"lines": [("PANEL", 7, 105, "", DISCOUNTED)], "included": True},
    "discount on the grand total": {
        "lines": [("PANEL", 1, 99.99), ("POST", 1, 10.01)],
        "apply_discount_on": "Grand Total",
        "additional_discount_percentage": 10,
    },
    "discount on the net total": {
        "lines": [("PANEL", 1, 33.33), ("POST", 1, 33.33), ("GATE", 1, 33.34)],
        "apply_discount_on": "Net Total",
        "additional_discount_percentage": 7.5,
    },
    "discount as an amount": {
        "lines": [("PANEL", 2, 61.25), ("GATE", 1, 48.9)],
        "apply_discount_on": "Net Total",
        "discount_amount": 11.11,
    },
    "freight": {"lines": [("PANEL", 2, 45.25)], "freight": 12.5},
    "freight and several lines": {"lines": [("PANEL", 1, 19.99), ("POST", 3, 5.55), ("LABOUR", 1.25, 95)], "freight": 27.45},
    "zero-rated line among others": {"lines": [("PANEL", 1, 50), ("GATE", 2, 25.5, "Zero-rated")]},
    "all zero-rated": {"lines": [("PANEL", 1, 80, "Zero-rated"), ("POST", 4, 3.33, "Zero-rated")]},
    "rounded down": {"lines": [("PANEL", 1, 100.03)], "disable_rounded_total": 0},
    "rounded up": {"lines": [("PANEL", 1, 100.07), ("POST", 1, 0.01)], "disable_rounded_total": 0},
    "four-decimal price": {"lines": [("SCREW", 1250, 0.0385), ("POST", 3, 22.8725)]},
    "four-decimal price, tax included": {"lines": [("SCREW", 500, 0.0443), ("POST", 1, 22.8725)], "included": True},
    "fractions of a unit": {"lines": [("LABOUR", 7.25, 95), ("PANEL", 0.333, 148.5), ("GATE", 2.75, 11.11)]},
    "a cost centre": {"lines": [("PANEL", 1, 75, "", {"centre": "North"})]},
    "two cost centres": {
        "lines": [("PANEL", 1, 75, "", {"centre": "North"}), ("POST", 5, 12.35, "", {"centre": "South"}), ("GATE", 1, 9.9)]
    },
    "Australian dollars": {"lines": [("PANEL", 2, 77.77, "Zero-rated")], "currency": "AUD", "rate": 1.0932},
    "Australian dollars, three lines": {
        "lines": [("PANEL", 1, 19.99, "Zero-rated"), ("POST", 3, 3.33, "Zero-rated"), ("GATE", 1, 489, "Zero-rated")],
        "currency": "AUD",
        "rate": 1.0877,
    },
    "US dollars": {"lines": [("PANEL", 3, 120.05, "Zero-rated")], "currency": "USD", "rate": 1.6614},
    "US dollars with discount": {
        "lines": [("PANEL", 1, 1999.99, "Zero-rated"), ("LABOUR", 2.5, 95, "Zero-rated")],
        "currency": "USD",
        "rate": 1.6487,
        "apply_discount_on": "Net Total",
        "additional_discount_percentage": 5,
    },
}

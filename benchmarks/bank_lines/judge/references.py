"""What a payer writes to say which invoice is paid."""

from __future__ import annotations

import re
from random import Random

# What payers write, each with its share; a payer mostly keeps to one.
HABITS = (("full", 40), ("digits", 20), ("word", 13), ("spaced", 6), ("order", 5), ("customer", 5), ("nothing", 8), ("vague", 3))
VAGUE = ("invoice", "payment", "account", "thank you", "as agreed", "services", "your invoice", "statement", "goods", "deposit")


def tail(number: str) -> str:
    """The running number at the end, without leading zeros."""
    return (re.findall(r"\d+", number) or ["0"])[-1].lstrip("0")


def typed_wrong(rng: Random, number: str) -> str:
    """One digit wrong, or two neighbours changed over, in the running number."""
    places = [at for at, sign in enumerate(number) if sign.isdigit()][-4:]
    signs = list(number)
    at = rng.choice(places[:-1] or places)
    if rng.random() < 0.5 and at + 1 < len(signs) and signs[at] != signs[at + 1] and signs[at + 1].isdigit():
        signs[at], signs[at + 1] = signs[at + 1], signs[at]
    else:
        at = rng.choice(places)
        signs[at] = str((int(signs[at]) + rng.randrange(1, 10)) % 10)
    return "".join(signs)


def written(rng: Random, habit: str, number: str, order: str = "", customer: str = "") -> str:
    """What the payer types for one invoice."""
    if rng.random() < 0.05:
        habit = rng.choice(("nothing", "vague", "digits", "full"))
    if habit not in ("order", "customer", "nothing", "vague") and rng.random() < 0.025:
        number = typed_wrong(rng, number)
    if habit == "digits":
        return tail(number)
    if habit == "word":
        return rng.choice(("Inv ", "INV", "Invoice ", "Inv#", "inv no ", "Inv. ")) + tail(number)
    if habit == "spaced":
        return rng.choice((number.replace("-", " "), number.replace("-", ""), number.replace("-", "/")))
    if habit == "order" and order:
        return order
    if habit == "customer" and customer:
        return customer
    if habit == "vague":
        return rng.choice(VAGUE)
    return "" if habit == "nothing" else number


def several(rng: Random, habit: str, numbers: list[str], customer: str = "") -> str:
    """What the payer types for several invoices at once: a list, a list without the prefix, a range, the first and no more, or nothing."""
    if habit in ("nothing", "vague", "customer", "order"):
        return written(rng, habit, numbers[0], "", customer)
    tails, chance = [tail(each) for each in numbers], rng.random()
    following = all(int(b) - int(a) == 1 for a, b in zip(tails, tails[1:]))
    if following and len(numbers) > 2 and chance < 0.6:
        return rng.choice((f"{numbers[0]}-{tails[-1]}", f"Inv {tails[0]}-{tails[-1]}", f"INV {tails[0]} TO {tails[-1]}"))
    if chance < 0.5:
        return "Inv " + rng.choice(("/", ", ", " + ", " & ", " ")).join(tails)
    if chance < 0.75:
        return rng.choice((" ", ",", "/")).join(numbers)
    if chance < 0.87:
        return f"{numbers[0]}/" + "/".join(each[-2:] for each in tails[1:])
    return numbers[0] if chance < 0.95 else f"{len(numbers)} invoices"

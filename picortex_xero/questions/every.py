"""All experiments: importing this registers them."""

from __future__ import annotations

from . import of_documents, of_money, of_notes_and_files, of_taxes
from .experiments import EXPERIMENTS

MODULES = (of_documents, of_money, of_notes_and_files, of_taxes)
NAMES = tuple(EXPERIMENTS)

"""Records documents from a real ERPNext ("the host"): types them on a bench, on a throw-away site, and writes what it made of them.

Apart from `sandbox/`, which runs on any machine: this needs a bench, whose Python it runs in, and `frappe` here is the real one. What it
writes is `sandbox/erp/recorded` (format and commands in the README there), and nothing imports it but the year of `make test-year`,
which is typed on a bench too (`tests/bench/year_on_bench.py`). An import linter holds both.
"""

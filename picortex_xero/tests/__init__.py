"""Tests that run on a bench (`make test-bench`), those about the host (Frappe and ERPNext) also on the stand-in for it in sandbox/host."""

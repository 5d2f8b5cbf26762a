"""Tests that only a real bench can run: ERPNext's own documents, MariaDB, Redis, a worker. `make test-bench` starts them."""

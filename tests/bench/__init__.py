"""The bench suite's driver: what `make test-bench` runs."""

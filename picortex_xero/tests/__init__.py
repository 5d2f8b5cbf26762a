"""Tests that run on a bench (`make test-bench`), those of the host itself also on the sandbox's stand-in."""

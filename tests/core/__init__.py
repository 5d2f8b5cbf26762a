"""Unit tests of the pure decisions: no host, no network, no clock."""

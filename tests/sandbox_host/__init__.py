"""Tests of the host stand-in itself."""

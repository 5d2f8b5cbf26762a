"""The tests of everything that runs without a bench."""

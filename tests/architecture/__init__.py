"""Rules about how the code is arranged (docs/architecture.md), checked by reading source; each with a planted violation that it catches."""

"""The rules of the design, read from source; each with a planted violation that it catches."""

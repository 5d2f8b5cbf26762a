"""The tools of `benchmarks/` on a few documents: each measures what it says, and notices what it should."""

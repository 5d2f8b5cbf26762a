"""Data changes for sites of a former release: named in patches.txt, run by `bench migrate`. Each may be interrupted and run again."""

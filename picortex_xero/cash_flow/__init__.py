"""The cash of the coming weeks: what is open in either book and what is known to come, each once, on the day on which it is expected, and what the banks hold then. What decides is plain Python on
values; what reads asks ERPNext in a fixed number of statements."""

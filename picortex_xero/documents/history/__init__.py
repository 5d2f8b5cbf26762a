"""An import of history: documents from before the go-live date, taken up in the order of their dates, below live traffic. What is decided about it, on values
alone: what becomes of one document (`taking_up.py`), how many wait in the queue at once (`pool.py`), how long it takes (`forecast.py`). engine/history.py
does it."""

"""How music is measured: figures of pieces and of sets of pieces, each with what it is worth beside it.

Nothing here trains a generator or may be trained against, and arithmetic that knows no art lives in the
engine's own metrics. Start with `notes.py`, then `figures.py`.
"""

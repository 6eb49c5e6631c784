"""How music is measured: figures of pieces and of sets of pieces, each with what it is worth beside it.

Nothing here trains a generator or may be trained against: these are measuring instruments, and figures that
know no art live in `huohua.metrics`. Start with `notes.py`, then `figures.py`.
"""

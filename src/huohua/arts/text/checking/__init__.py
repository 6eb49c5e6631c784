"""Whether a finished text keeps a form, read from the text alone.

Nothing here shares code with `automata` or with the readers in `tables`: the same files are read a second
time, in another way, so that a fault of one is seen by the other. Start with `form_check.py`.
"""

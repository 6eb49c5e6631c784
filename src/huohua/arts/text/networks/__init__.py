"""The networks of texts: a writer that goes on token by token, and a reader that judges a whole text.

They know rows of numbers and no forms, tables or files. Start with `writer.py`, then `reader.py`.
"""

"""Texts: the forms they keep, how they are read, written to a form, checked, set and saved.

Everything that knows about characters, tones, rhymes and syllables lives here; nothing about training loops,
commands or other arts does. Start with `form.py`, then `form_table.py`.
"""

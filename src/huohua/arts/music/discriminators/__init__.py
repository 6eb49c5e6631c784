"""The discriminators of music by name, for presets and saved models.

Networks themselves are in `networks`; nothing here is trained or played.
Start with `table.py`.
"""

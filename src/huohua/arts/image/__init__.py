"""Pictures: how they are read, augmented, generated, judged, measured and saved.

Everything that knows about pixels lives here and nothing about training loops, commands or other arts
does. Start with `art.py`, then `presets.py`.
"""

"""Music: pieces of several tracks, how they are read, seen, heard and saved.

Everything that knows about notes lives here and nothing about training loops, commands or other arts
does. Start with `piece.py`, then `artwork.py`.
"""

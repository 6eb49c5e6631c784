"""The spaces that generators draw from: how to move in them, whatever the art.

Only vectors and networks are known here; pictures, files and commands are not. Start with `space.py`.
"""

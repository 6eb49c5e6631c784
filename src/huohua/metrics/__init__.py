"""Statistics on arrays of features: how close, how varied, how well covered, how much copied.

Everything takes float arrays of shape (N, F) and gives numbers, so no art, no network and no picture
library may be imported here; who made the features says so beside the figure. Start with
`diversity.py`, then read `table.py` for the list.
"""

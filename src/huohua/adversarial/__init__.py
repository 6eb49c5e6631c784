"""The engine: games between networks, played by one loop for every art.

Here live losses, penalties, schedules, averaging, augmentation policy, checkpoints and health; nothing
here knows what a picture is, reads a dataset or draws a page. Start with `game.py`, then `loop.py`.
"""

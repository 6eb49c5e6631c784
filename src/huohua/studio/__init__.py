"""Use cases: what a person can ask for, one file each, the same for every door.

Here the layers below are put together, so a command or a page needs one call; printing, flags and
mathematics stay out. Start with `train.py`, then `create.py`.
"""

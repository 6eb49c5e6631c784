"""A small painter in code: the works of the "sample" dataset, free for any use (CC0).

Nothing here reads files or learns; a work depends on nothing but its seed.
Start reading at `subjects.py` for what is painted, then `media.py` for how.
"""

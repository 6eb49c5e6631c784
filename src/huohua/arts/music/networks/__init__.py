"""The networks of the music art: a composer that fills free cells of a grid, and the critics that judge it.

Networks only map tensors to tensors; jobs, masks and decoding live one folder up.
Start with `composer.py`.
"""

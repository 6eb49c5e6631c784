"""Networks that score pictures.

One file holds one discriminator with its configuration and its paper; losses, penalties and optimisers
stay out. Start with `table.py`, which lists them, then `mlp.py`, the smallest.
"""

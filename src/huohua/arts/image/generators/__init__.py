"""Networks that turn a latent and a condition into a picture.

One file holds one generator with its configuration and its paper; losses, optimisers and data stay out.
Start with `table.py`, which lists them, then `mlp.py`, the smallest.
"""

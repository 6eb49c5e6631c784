"""One folder for each medium a model can make: today images.

What is true of one art only lives in its folder, and the arts never import one another; what they share
is below, in `blocks` and `adversarial`. Start with `image/art.py`.
"""

"""Steering by taste: sittings, breeding, and a learner that finds out from picks what a person likes.

No art, no screen and no web belong here: a medium gives points, and features of what they become.
Start with `medium.py`.
"""

"""The words a model understands: subjects, styles and tags, and how they become numbers.

Names, weights and spelling live here; networks that read the numbers and datasets that supply the
labels do not. Start with `space.py`.
"""

"""Models as folders: weights, configuration and card, saved, checked, found and listed.

The format of a model and the catalogue of models live here; networks, training and pictures do not.
Start with `format.py`.
"""

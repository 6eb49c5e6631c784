"""Where real works come from: folders, archives, arrays, known names and a small set drawn by code.

Nothing here knows networks or training; the one thing it hands out is an `ImageDataset`.
Start reading at `dataset.py`, then `table.py` for the kinds of place that can be opened.
"""

"""Where real texts come from: folders, single files and tables, in whatever encoding they were saved.

Nothing here knows networks or training; the one thing it hands out is a `TextDataset`.
Start reading at `dataset.py`, then `source.py` for the kinds of place that can be opened.
"""

"""Where real music comes from: folders and archives of MIDI, MusicXML and ABC, one or several together.

Nothing here knows networks or training; the one thing it hands out is a `MusicDataset`.
Start reading at `dataset.py`, then `preparing.py` for what happens to each file.
"""

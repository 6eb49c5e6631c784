"""Who made a work, from which model and data, under which terms, and the labels that say so.

Nothing here opens a picture, a tune or a model: these are records and texts that any art writes into
its files. Start with `record.py`.
"""

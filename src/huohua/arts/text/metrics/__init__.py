"""How texts are measured: what was copied, and whether a fresh reader tells written from real.

Arithmetic on sequences of tokens lives in `huohua.metrics`, and nothing here trains a model that is kept.
Start with `copying.py`, then `fresh_reader.py`.
"""

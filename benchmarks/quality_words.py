"""The contestants of `quality_at_equal_minutes.py` by name, and what is to be shown of them."""

from __future__ import annotations

OURS, DCGAN = "fast", "dcgan"
MOST_OF_DCGAN = 0.5  # our kernel distance is to be at most this share of the DCGAN's

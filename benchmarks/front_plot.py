"""Fronts of quality against diversity as a picture."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

WORDS = {
    "lm": "LM, nats a token (quality: lower is better)",
    "reverse_lm": "reverse LM, nats a token (diversity: lower is better)",
    "bleu": "BLEU-4 (quality: higher is better)",
    "self_bleu": "self-BLEU-4 (diversity: lower is better)",
}


def front_plot(fronts: Mapping[str, Sequence[Any]], real: Any, *, across: str, along: str) -> Image.Image:
    """Return a plot of each front, a point for each temperature, and of real texts."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 5), dpi=100, layout="constrained")
    axes = figure.subplots()
    for name, front in fronts.items():
        points = sorted(front, key=lambda point: point.temperature)
        xs = [getattr(point, across) for point in points]
        ys = [getattr(point, along) for point in points]
        axes.plot(xs, ys, marker="o", markersize=4, label=name)
        for point, x, y in zip(points, xs, ys, strict=True):
            axes.annotate(
                f"{point.temperature:g}", (x, y), fontsize=6, xytext=(2, 2), textcoords="offset points"
            )
    axes.plot([getattr(real, across)], [getattr(real, along)], "kx", label="real, unseen")
    axes.set_xlabel(WORDS[across])
    axes.set_ylabel(WORDS[along])
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    content = io.BytesIO()
    figure.savefig(content, format="png")
    return Image.open(content).convert("RGB")

"""The plots of `training_scaling.py`: time and memory over what grows, on logarithmic axes.

On such axes a straight line of slope 1 is a cost in proportion, and a level one a cost that does not grow.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

TIME, MEMORY = "#0b6e99", "#c0501f"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One plot.

    Attributes:
        x_label: what grows.
        x: how large it was.
        milliseconds: of a round.
        gigabytes: peak memory.
    """

    x_label: str
    x: Sequence[float]
    milliseconds: Sequence[float]
    gigabytes: Sequence[float]


def round_numbers(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times powers of ten between two numbers.

    Example:
        >>> round_numbers(30, 600)
        [50.0, 100.0, 200.0, 500.0]
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    numbers = [times * 10.0**power for power in powers for times in (1, 2, 5)]
    return [number for number in numbers if low <= number <= high]


def plot(panels: Sequence[Panel]) -> Image.Image:
    """Return the plots side by side, time on the left axis of each and memory on the right.

    Raises:
        SystemExit: Matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise SystemExit("The plots need Matplotlib: pip install matplotlib") from None
    figure = Figure(figsize=(4.2 * len(panels), 3.2), dpi=110, layout="constrained")
    for place, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(1, len(panels), place)
        axes.plot(panel.x, panel.milliseconds, "o-", color=TIME)
        axes.set(xscale="log", yscale="log", xlabel=panel.x_label)
        axes.set_ylabel("ms a round", color=TIME)
        axes.set_xticks(list(panel.x), [f"{x:g}" for x in panel.x])
        low, high = min(panel.milliseconds) / 2, max(panel.milliseconds) * 2
        axes.set_ylim(low, high)
        steps = round_numbers(low, high)
        axes.set_yticks(steps, [f"{step:g}" for step in steps])
        axes.tick_params(which="minor", bottom=False, left=False, labelbottom=False, labelleft=False)
        axes.grid(alpha=0.3)
        memory = axes.twinx()
        memory.plot(panel.x, panel.gigabytes, "s--", color=MEMORY)
        memory.set_ylim(0, 1.2 * max(panel.gigabytes))
        memory.set_ylabel("peak memory, GB", color=MEMORY)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Image.open(buffer)

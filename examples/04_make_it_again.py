"""A picture carries its recipe: make it again, pixel by pixel.

python examples/04_make_it_again.py pictures/lemon.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import huohua


def main(path: str | Path) -> bool:
    """Say how a picture was made, make it again, and return whether every pixel is the same."""
    work = huohua.open_artwork(path)
    print(f"{work.recipe.model}, seed {work.recipe.seed}, {work.recipe.conditions}")
    print(
        f"learnt from {work.origin.data or 'unnamed data'}, licence: {work.origin.data_licence or 'unknown'}"
    )
    again = huohua.recreate(path)
    same = again.image.tobytes() == work.image.tobytes()
    print("the same pixels" if same else "different pixels: another version or another kind of machine")
    return same


if __name__ == "__main__":
    main(sys.argv[1])

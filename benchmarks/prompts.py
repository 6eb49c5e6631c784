"""Do pictures show what a prompt asks for? Prompts in English and Chinese, beside no prompt at all.

Each prompt claims colours in places and looks. What holds is measured on the pixels by rules of their own
(`prompt_claims.py`), not by the code that made the conditions. Beside each rate stand the rate of pictures
made without a prompt, which a lucky model could have for nothing, and that of the real works.

    python benchmarks/prompts.py runs/flowers flowers.zip --prompts flowers
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from prompt_claims import SETS, Judge, Prompt
from results_page import RESULTS, Page, circumstances, table
from sheet_rows import stacked

from huohua.arts.image.datasets.dataset import open_dataset
from huohua.arts.image.sheet import sheet
from huohua.studio.image_model import ImageModel
from huohua.studio.opening import load
from huohua.studio.prompt import read

SHOWN = 8  # pictures of each prompt on the sheet
ASKED = 0.8  # the share of pictures that should show what was asked for


@dataclass(frozen=True, kw_only=True)
class Row:
    """What came of one prompt.

    Attributes:
        words: the prompt.
        understood: what the model took it for.
        ignored: what it did not.
        asked: share of the pictures made for it that bear out every claim.
        claims: share of claims that hold in them, counted singly.
        unasked: share of the pictures made without a prompt that bear out every claim.
        real: the same share of the real works.
    """

    words: str
    understood: tuple[str, ...]
    ignored: tuple[str, ...]
    asked: float
    claims: float
    unasked: float
    real: float


def made(model: ImageModel, count: int, *, words: str = "", seed: int) -> np.ndarray:
    """Return picture_NHW3 of works made for a prompt, or for none."""
    works = model.create(prompt=words, seed=seed, count=count)
    return np.stack([np.asarray(work.image.convert("RGB")) for work in works])


def judge(
    model: ImageModel, prompts: Sequence[Prompt], real_NHW3: np.ndarray, *, count: int, seed: int
) -> tuple[list[Row], dict[str, np.ndarray]]:
    """Return the rows of a result, and the first pictures made for each prompt."""
    court = Judge(real_NHW3)
    unasked_NHW3 = made(model, count, seed=seed + 1)
    rows: list[Row] = []
    shown = {"no prompt": unasked_NHW3[:SHOWN]}
    for prompt in prompts:
        reading = read(prompt.words, model.config.conditions)
        words = prompt.words if reading.understood else ""
        picture_NHW3 = made(model, count, words=words, seed=seed)
        shown[prompt.words] = picture_NHW3[:SHOWN]
        rows.append(
            Row(
                words=prompt.words,
                understood=reading.sentences(),
                ignored=reading.ignored,
                asked=float(court.all_hold(picture_NHW3, prompt.claims).mean()),
                claims=court.share_of_claims(picture_NHW3, prompt.claims),
                unasked=float(court.all_hold(unasked_NHW3, prompt.claims).mean()),
                real=float(court.all_hold(real_NHW3, prompt.claims).mean()),
            )
        )
    return rows, shown


def write(page: Page, rows: Sequence[Row], shown: dict[str, np.ndarray], *, count: int, out: Path) -> Path:
    """Write the page of a result and return its path."""
    good = sum(row.asked >= ASKED for row in rows)
    kinds = ("asked", "claims", "unasked", "real")
    means = [float(np.mean([getattr(row, kind) for row in rows])) for kind in kinds]
    page.add(
        f"{count} pictures of each prompt. In {good} of {len(rows)} prompts at least {ASKED:.0%} of the"
        f" pictures bear out every claim; over all prompts {means[0]:.0%} do, against {means[2]:.0%} without"
        " a prompt.",
        table(
            ["row", "prompt", "all claims", "claims singly", "without a prompt", "real works"],
            [
                [number, row.words, *(f"{getattr(row, kind):.0%}" for kind in kinds)]
                for number, row in enumerate(rows, start=1)
            ]
            + [["", "**mean**", *(f"**{value:.0%}**" for value in means)]],
            words=2,
        ),
        "A colour is claimed of a third of the picture: a quarter of that third must bear it, or a tenth"
        " where two colours share it. A look must be beyond two thirds of the real works. The rules are in"
        " `prompt_claims.py`.",
    )
    lost = {row.words: row.ignored for row in rows if row.ignored}
    page.add("\n".join(f"- Not understood in '{asked}': {', '.join(gone)}" for asked, gone in lost.items()))
    # Rows bear the numbers of the table, because not every machine has a font for both scripts.
    pictures_by_row = {
        str(number) if number else "no prompt": _row(pictures)
        for number, pictures in enumerate(shown.values())
    }
    caption = f"The first {SHOWN} pictures of each prompt, none chosen."
    page.show("sheet", stacked(pictures_by_row), caption)
    return page.write(out, {"rows": [asdict(row) for row in rows]})


def _row(picture_NHW3: np.ndarray) -> Image.Image:
    return sheet([Image.fromarray(picture) for picture in picture_NHW3], columns=len(picture_NHW3), gap=1)


def main() -> int:
    """Measure, write the results, and return 0 if at least 80 % of all pictures bear out their prompt."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("model", help="a model or the folder of its run")
    parser.add_argument("data", help="the works it learnt from")
    parser.add_argument("--prompts", choices=tuple(SETS), default="flowers")
    parser.add_argument("--count", type=int, default=32, help="pictures of each prompt")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    model = load(options.model)
    config = model.config
    page = Page(name=f"prompts-{model.name}", title=f"Prompts asked of {model.name}", made=circumstances())
    works = open_dataset(options.data, height=config.frame.height, width=config.frame.width, channels=3)
    real_NHW3 = np.asarray(works.images_NHWC)
    rows, shown = judge(model, SETS[options.prompts], real_NHW3, count=options.count, seed=options.seed)
    path = write(page, rows, shown, count=options.count, out=options.out)
    print(path.read_text(encoding="utf-8"))
    return 0 if np.mean([row.asked for row in rows]) >= ASKED else 1


if __name__ == "__main__":
    sys.exit(main())

"""What do a reader in decoding and a game with it bring a writer, at equal diversity?

    python benchmarks/text_fronts.py TEXTS --likelihood MODEL --game MODEL [--other NAME=MODEL ...]

Five ways to write are compared on the same lines and labels of real texts: by likelihood alone, by
likelihood at several temperatures, the same with a reader that chooses, after the game, and after the game
with a reader that chooses. Each is a front of quality against diversity, by two pairs of figures that share
nothing: n-gram models (LM against reverse LM) and BLEU-4 against self-BLEU-4. A point says little; only a
front that lies below another at equal diversity says that a way is better. Real texts the writer never saw
are measured as the floor, and what was copied is counted beside them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from front_plot import front_plot
from results_page import RESULTS, Page, circumstances, table
from text_ways import Texts, Way, load_desk, open_texts, ways_of, write

from huohua.arts.text.metrics.copying import CopyIndex, copy_rate
from huohua.arts.text.metrics.fresh_reader import told_apart
from huohua.metrics.bleu import References, self_bleu
from huohua.metrics.distinct import distinct
from huohua.metrics.ngram_model import NgramModel

GRAMS = 4  # characters of an n-gram; of pieces of words likewise
REFERENCES = 4000  # real texts that BLEU compares with
PAIRS = {"n-gram models": ("reverse_lm", "lm"), "BLEU-4": ("self_bleu", "bleu")}


@dataclass(frozen=True, kw_only=True)
class Point:
    """What one way gives at one temperature; lower is better in `lm`, `reverse_lm` and `self_bleu`."""

    way: str
    temperature: float
    lm: float
    reverse_lm: float
    bleu: float
    self_bleu: float
    distinct_2: float
    copied_lines: float
    longest_copy: int
    told_apart: float


class Judges:
    """What is taught on real texts once and asked about all ways.

    Args:
        texts: the real ones.
    """

    def __init__(self, texts: Texts) -> None:
        self.texts, self.vocabulary = texts, len(texts.wording.tokeniser.vocabulary)
        self.quality = NgramModel(texts.taught, size=GRAMS, vocabulary=self.vocabulary)
        self.references = References(texts.taught[:REFERENCES], 4)
        decode = texts.wording.tokeniser.decode
        self.copies = CopyIndex([decode(one) for one in texts.taught], texts.wording.language)

    def measured(self, name: str, temperature: float, tokens: Sequence[Sequence[int]]) -> Point:
        """Return all figures of some texts."""
        texts = self.texts
        diversity = NgramModel(tokens, size=GRAMS, vocabulary=self.vocabulary)
        copied = copy_rate([texts.wording.tokeniser.decode(one) for one in tokens], self.copies)
        return Point(
            way=name,
            temperature=temperature,
            lm=self.quality.mean_nats(tokens),
            reverse_lm=diversity.mean_nats(texts.unseen),
            bleu=float(np.mean([self.references.bleu(one) for one in tokens])),
            self_bleu=self_bleu(tokens, 4),
            distinct_2=distinct(tokens, 2),
            copied_lines=copied.lines,
            longest_copy=copied.longest_run,
            told_apart=told_apart(texts.unseen, tokens, vocabulary=self.vocabulary),
        )


def at_equal(front: Sequence[Point], diversity: float, *, across: str, along: str) -> float | None:
    """Return the quality of a front at a diversity, between its points; None beyond its ends."""
    points = sorted((getattr(point, across), getattr(point, along)) for point in front)
    places, values = zip(*points, strict=True)
    if not places[0] <= diversity <= places[-1]:
        return None
    return float(np.interp(diversity, places, values))


def gains(fronts: Mapping[str, Sequence[Point]], base: str) -> list[list[str]]:
    """Return how much better each way is than the base at equal diversity, averaged over its own points."""
    rows = []
    for name, front in fronts.items():
        if name == base:
            continue
        row = [name]
        for across, along in PAIRS.values():
            better = 1 if along == "bleu" else -1
            found = [
                better * (getattr(point, along) - level)
                for point in front
                if (level := at_equal(fronts[base], getattr(point, across), across=across, along=along))
                is not None
            ]
            row.append(f"{np.mean(found):+.3f} ({len(found)})" if found else "no equal")
        rows.append(row)
    return rows


def page_of(points: Sequence[Point], real: Point, texts: Texts, made: Any) -> Page:
    """Return the result as a page."""
    page = Page(name=f"text-fronts-{texts.name}", title=f"Ways to write, on {texts.name}", made=made)
    fronts: dict[str, list[Point]] = {}
    for point in points:
        fronts.setdefault(point.way, []).append(point)
    heads = [
        "way",
        "T",
        "LM",
        "reverse LM",
        "BLEU-4",
        "self-BLEU-4",
        "distinct-2",
        "copied lines",
        "longest",
        "told",
    ]
    rows = [
        [
            p.way,
            f"{p.temperature:.2f}",
            f"{p.lm:.3f}",
            f"{p.reverse_lm:.3f}",
            f"{p.bleu:.3f}",
            f"{p.self_bleu:.3f}",
            f"{p.distinct_2:.3f}",
            f"{p.copied_lines:.2%}",
            str(p.longest_copy),
            f"{p.told_apart:.2f}",
        ]
        for p in [*points, real]
    ]
    page.add(
        "Nats a token for LM and reverse LM; lower is better in both, and in self-BLEU.", table(heads, rows)
    )
    page.add(
        "Better than likelihood with temperature at equal diversity by (points that have an equal):",
        table(["way", "LM, nats", "BLEU-4"], gains(fronts, "likelihood")),
    )
    for name, (across, along) in PAIRS.items():
        picture = front_plot(fronts, real, across=across, along=along)
        page.show(across.replace("_", "-"), picture, f"Fronts by {name}; the cross is real unseen texts.")
    page.add("Uncurated, the first of each way at temperature 1:", *texts.examples)
    return page


def measure_all(texts: Texts, ways: Sequence[Way], *, seed: int) -> tuple[list[Point], Point]:
    """Return the points of all ways, and that of real texts."""
    judges, decode = Judges(texts), texts.wording.tokeniser.decode
    real = judges.measured("real, unseen", float("nan"), texts.real)
    points = []
    for way in ways:
        tokens = write(way, texts, seed=seed)
        points.append(judges.measured(way.name, way.temperature, tokens))
        print(json.dumps(asdict(points[-1]), ensure_ascii=False), flush=True)
        if way.temperature == 1.0:
            shown = "\n\n".join("> " + decode(one).replace("\n", "  \n> ") for one in tokens[:4])
            texts.examples.append(f"**{way.name}**\n\n{shown}")
    return points, real


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("texts", help="the texts that the models were trained on; their unseen part is used")
    parser.add_argument("--likelihood", required=True, help="a model trained by likelihood alone")
    parser.add_argument("--game", required=True, help="a model that went on with the game, with its reader")
    parser.add_argument("--other", action="append", default=[], metavar="NAME=MODEL", help="further models")
    parser.add_argument("--works", type=int, default=500, help="texts of each point")
    parser.add_argument("--temperatures", type=float, nargs="+", default=[0.7, 0.8, 0.9, 1.0, 1.1])
    parser.add_argument("--drafts", type=int, default=8, help="drafts that a reader chooses one of")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


def main() -> None:
    """Measure, and write the page."""
    asked = _arguments()
    made = circumstances("accelerate")
    likelihood, game = load_desk(asked.likelihood), load_desk(asked.game)
    others = {name: load_desk(model) for name, _, model in (pair.partition("=") for pair in asked.other)}
    texts = open_texts(asked.texts, likelihood.wording, works=asked.works, seed=asked.seed)
    ways = ways_of(likelihood, game, others, asked.temperatures, asked.drafts)
    points, real = measure_all(texts, ways, seed=asked.seed)
    record = {"points": [asdict(point) for point in points], "real": asdict(real), "drafts": asked.drafts}
    print(page_of(points, real, texts, made).write(asked.out, record))


if __name__ == "__main__":
    main()

"""The card of a model: what it is, what it learnt from, what it may be used for, in plain words.

The front matter follows the model cards of Hugging Face, so that a hub can index a pushed folder.

Source: Mitchell et al., "Model Cards for Model Reporting" (2019).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from huohua.arts.table import art
from huohua.provenance import licences
from huohua.zoo.format import ModelConfig, Training

# Spellings of the hub for licences whose SPDX identifier, in lower case, is not already its spelling.
_HUB_SPELLING = {"ODbL-1.0": "odbl"}
_HUB_TASKS = {"image": "unconditional-image-generation", "text": "text-generation"}
_HUB_OTHER = {"public-domain", "own", "GPL-2.0-only", "GPL-3.0-only", "GPL-3.0-or-later"}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A figure of an evaluation, beside the same figure of real works.

    Attributes:
        name: the figure's name.
        value: of the model.
        spread: its standard deviation.
        floor: of real works against real works.
        works: on how many works of each side both were measured.
    """

    name: str
    value: float
    spread: float
    floor: float
    works: int


def write_card(config: ModelConfig, *, measured: Sequence[Measured] = (), measured_on: str = "") -> str:
    """Return the card of a model as Markdown with YAML front matter.

    Args:
        config: the model.
        measured: figures of an evaluation, which stand beside those of training.
        measured_on: what they were measured on, and with what.
    """
    sections = (_front_matter(config), _summary(config), _use(config), _data(config.trained))
    evaluation = _evaluation(measured, measured_on) if measured else ""
    rest = (_cost(config.trained), _figures(config.trained), evaluation, _limits(config))
    return "\n".join(section for section in (*sections, *rest) if section)


def _front_matter(config: ModelConfig) -> str:
    kind = "autoencoder" if config.encoder else "gan"
    tags = [kind, "huohua", f"{config.art}-generation", config.generator, *config.conditions.groups]
    lines = ["---", *_licence_lines(config.trained.licence), "library_name: huohua"]
    if config.art in _HUB_TASKS:
        lines.append(f"pipeline_tag: {_HUB_TASKS[config.art]}")
    lines += ["tags:", *(f"- {_quoted(tag)}" for tag in tags)]
    if config.trained.data:
        # Not "datasets:", which a hub reads as the names of its own datasets.
        lines += [f"training_data: {_quoted(config.trained.data)}"]
    return "\n".join([*lines, "---", ""])


def _licence_lines(text: str) -> list[str]:
    licence = licences.find(text)
    if licence is None or licence.identifier in _HUB_OTHER:
        name = licence.identifier if licence else text.strip() or "unknown"
        return ["license: other", f"license_name: {_quoted(name)}"]
    return [f"license: {_HUB_SPELLING.get(licence.identifier, licence.identifier.lower())}"]


def _summary(config: ModelConfig) -> str:
    kind = "An autoencoder" if config.encoder else "A generative adversarial network"
    lines = [
        f"# {_plain(config.name) or 'A Huohua model'}",
        "",
        f"{kind} (`{_plain(config.generator)}`) that makes works of one art: "
        f"{_plain(config.art)}. Size {config.frame.words}.",
        "",
    ]
    for group, names in config.conditions.groups.items():
        shown = ", ".join(_plain(name) for name in names[:60])
        more = f" and {len(names) - 60} more" if len(names) > 60 else ""
        lines.append(f"- **{_plain(group)}**: {shown}{more}")
    if not config.conditions.groups:
        lines.append("It understands no conditions: it was trained without labels.")
    return "\n".join([*lines, ""])


def _use(config: ModelConfig) -> str:
    wish, flag = _example_wish(config)
    again = "\nhuohua reconstruct YOUR_PICTURE --model THIS_FOLDER" if config.encoder else ""
    return f"""## How to use

```sh
huohua create {config.art} --model THIS_FOLDER{flag} --count 4 --out works/{again}
```

```python
import huohua

work = huohua.load("THIS_FOLDER").create({wish}seed=7)
work.save("work{art(config.art).suffixes[0]}")
```
"""


def _example_wish(config: ModelConfig) -> tuple[str, str]:
    for group, names in config.conditions.groups.items():
        if group in {"subject", "style"} and names:
            return f"{group}={_quoted(names[0])}, ", f" --{group} {_quoted(names[0])}"
    return "", ""


def _data(trained: Training) -> str:
    return f"""## What it learnt from

- Data: {_plain(trained.data) or "not stated"}, {trained.works:,} works
- Origin: {_plain(trained.origin) or "not stated"}
- Licence of the data: {licences.describe(_plain(trained.licence))}

Works made with this model owe their look to these. Respect their licence when you share works.
"""


def _cost(trained: Training) -> str:
    return f"""## What training cost

{trained.shown / 1000:,.1f} thousand works shown in {_duration(trained.seconds)},
preset `{_plain(trained.preset)}`, Huohua {_plain(trained.version)}.
Saved: {_plain(trained.created) or "unknown"}.
"""


def _figures(trained: Training) -> str:
    if not trained.figures:
        return "## Figures\n\nNothing was measured.\n"
    rows = "\n".join(f"| {_plain(name)} | {value:.4g} |" for name, value in trained.figures.items())
    return f"## Figures\n\n| figure | value |\n|---|---|\n{rows}\n"


def _evaluation(measured: Sequence[Measured], measured_on: str) -> str:
    rows = "\n".join(
        f"| {_plain(figure.name)} | {figure.value:.4g} ± {figure.spread:.2g} | {figure.floor:.4g} "
        f"| {figure.works:,} |"
        for figure in measured
    )
    return f"""## Evaluation

Measured on {_plain(measured_on)}. Read each figure beside its floor, the same figure of one half of the real
works against the other, and compare it with no other data set or network.

| figure | model | floor | works on each side |
|---|---|---|---|
{rows}
"""


def _limits(config: ModelConfig) -> str:
    few = f" It has seen {config.trained.works:,} works only." if 0 < config.trained.works < 5000 else ""
    return f"""## Limits

It can only make what resembles the works it learnt from, with their habits and their gaps.{few}
Some works may come close to one of them: compare before you claim that a work is new.
It does not know what is true, kind or allowed. Every file it makes says that an AI made it; leave that in.
"""


def _duration(seconds: float) -> str:
    """Return a time in the two units that matter.

    Example:
        >>> _duration(3725)
        '1 h 2 min'
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _plain(text: str) -> str:
    """Return text on one line, without what Markdown or HTML would take for its own."""
    flat = " ".join(text.split())
    return "".join("\\" + letter if letter in "`*|<>[]\\" else letter for letter in flat)


def _quoted(text: str) -> str:
    """Return a YAML string; a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)

"""The licences that data and works come under, and what each asks of a person, in words.

This is a reading aid and no legal advice: it says what the licence text itself asks.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Licence:
    """A licence and the duties that matter for training on data and passing works on.

    Attributes:
        identifier: SPDX identifier where there is one.
        name: its full name.
        attribution: makers must be named.
        share_alike: adaptations come under the same terms.
        non_commercial: commercial use is not allowed.
        no_derivatives: sharing adaptations is not allowed.
        spdx: the identifier is in the SPDX list.
        aliases: other ways people write it, casefolded.
    """

    identifier: str
    name: str
    attribution: bool = False
    share_alike: bool = False
    non_commercial: bool = False
    no_derivatives: bool = False
    spdx: bool = True
    aliases: tuple[str, ...] = ()


def _creative_commons(parts: str, version: str) -> Licence:
    words = {
        "BY": "Attribution",
        "NC": "NonCommercial",
        "SA": "ShareAlike",
        "ND": "NoDerivatives",
    }
    terms = parts.split("-")
    spellings = (parts.casefold(), parts.casefold().replace("-", " "))
    return Licence(
        identifier=f"CC-{parts}-{version}",
        name=f"Creative Commons {'-'.join(words[term] for term in terms)} {version}",
        attribution=True,
        share_alike="SA" in terms,
        non_commercial="NC" in terms,
        no_derivatives="ND" in terms,
        aliases=tuple(dict.fromkeys(f"cc {spelling} {version}" for spelling in spellings)),
    )


_CREATIVE_COMMONS = tuple(
    _creative_commons(parts, version)
    for parts in ("BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-ND", "BY-NC-ND")
    for version in ("2.0", "2.5", "3.0", "4.0")
)

_OTHERS = (
    Licence(
        identifier="CC0-1.0",
        name="Creative Commons Zero 1.0: dedicated to the public domain",
        aliases=("cc0", "cc0 1.0", "cc zero"),
    ),
    Licence(
        identifier="public-domain",
        name="Public domain",
        spdx=False,
        aliases=("public domain", "pd", "pdm", "pdm-1.0", "cc-pdm-1.0", "us government work"),
    ),
    Licence(
        identifier="own",
        name="The trainer's own works, all rights kept",
        spdx=False,
        aliases=("own works", "my own", "mine", "all rights reserved", "proprietary"),
    ),
    Licence(identifier="MIT", name="MIT License", attribution=True, aliases=("expat",)),
    Licence(
        identifier="Apache-2.0",
        name="Apache License 2.0",
        attribution=True,
        aliases=("apache", "apache 2.0", "apache license 2.0"),
    ),
    Licence(identifier="BSD-2-Clause", name="BSD 2-Clause License", attribution=True),
    Licence(identifier="BSD-3-Clause", name="BSD 3-Clause License", attribution=True, aliases=("bsd",)),
    Licence(identifier="OFL-1.1", name="SIL Open Font License 1.1", attribution=True, share_alike=True),
    Licence(identifier="ODbL-1.0", name="Open Database License 1.0", attribution=True, share_alike=True),
    Licence(identifier="GPL-2.0-only", name="GNU GPL 2.0", attribution=True, share_alike=True),
    Licence(identifier="GPL-3.0-only", name="GNU GPL 3.0", attribution=True, share_alike=True),
    Licence(identifier="GPL-3.0-or-later", name="GNU GPL 3.0 or later", attribution=True, share_alike=True),
)

LICENCES: dict[str, Licence] = {licence.identifier: licence for licence in (*_CREATIVE_COMMONS, *_OTHERS)}

_BY_SPELLING = {
    spelling: licence
    for licence in LICENCES.values()
    for spelling in (licence.identifier.casefold(), *licence.aliases)
}


def find(text: str) -> Licence | None:
    """Return the licence that a text names, or None when it is unknown.

    Example:
        >>> find("cc by-sa 4.0").identifier
        'CC-BY-SA-4.0'
    """
    spelling = " ".join(text.casefold().replace("_", "-").split())
    return _BY_SPELLING.get(spelling)


def describe(text: str) -> str:
    """Return in one or two sentences what a licence asks of those who pass works on.

    Example:
        >>> describe("CC0-1.0")
        'Creative Commons Zero 1.0: dedicated to the public domain. It asks nothing of you.'
    """
    licence = find(text)
    if licence is None and text.strip().casefold().startswith("unknown"):
        return "Unknown. Ask the rights holder before you share works."
    if licence is None:
        name = text.strip() or "not stated"
        return f"Licence: {name}. Huohua does not know its terms: read them before you share works."
    if licence.identifier == "own":
        return f"{licence.name}. Only their owner may decide what happens with the works."
    duties = [words for asked, words in _duties(licence) if asked]
    return f"{licence.name}. {_sentence(duties)}"


def _duties(licence: Licence) -> list[tuple[bool, str]]:
    return [
        (licence.attribution, "name the makers"),
        (licence.share_alike, "pass adaptations on under the same terms"),
        (licence.non_commercial, "make no commercial use"),
        (licence.no_derivatives, "do not share adaptations"),
    ]


def _sentence(duties: list[str]) -> str:
    if not duties:
        return "It asks nothing of you."
    *first, last = duties
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"It asks you to {listed}."

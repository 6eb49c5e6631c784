"""Conditions said back in plain words: "blue at the top", "very dark", "no red in the middle"."""

from __future__ import annotations

from collections.abc import Sequence

from huohua.conditions.attribute_names import COLOUR_GROUPS, COLOURS, LOOK, LOOKS

_WHERE = {
    group: "in the middle" if place == "middle" else f"at the {place}"
    for place, group in COLOUR_GROUPS.items()
}
_SPOKEN = {"contrast": "high in contrast", "flat": "low in contrast"}
LITTLE, MUCH = 0.45, 0.9
# What is said of music: measured amounts from 0 to 1, and a factor on the tempo.
CONTROL, TEMPO = "control", "tempo"
SOME = (0.4, 0.6)


def spoken(group: str, name: str, weight: float) -> str:
    """Return a condition as a person would say it.

    Example:
        >>> spoken("colour_top", "blue", 1.0), spoken("look", "warm", -0.4), spoken("subject", "lemon", 1.0)
        ('much blue at the top', 'slightly cold', "subject 'lemon'")
        >>> spoken("control", "density", 0.85), spoken("tempo", "tempo", 0.7)
        ('much density', '0.7 times the usual tempo')
    """
    if group in _WHERE:
        amount = (
            "no " if weight <= 0 else "a little " if weight < LITTLE else "much " if weight >= MUCH else ""
        )
        return f"{amount}{name} {_WHERE[group]}"
    if group == LOOK and name in LOOKS:
        end = name if weight >= 0 else LOOKS[name]
        size = abs(weight)
        degree = "slightly " if size < LITTLE else "very " if size >= MUCH else ""
        return f"{degree}{_SPOKEN.get(end, end)}"
    if group == CONTROL:
        return f"{'little' if weight < SOME[0] else 'much' if weight > SOME[1] else 'some'} {name}"
    if group == TEMPO:
        return f"{weight:g} times the usual tempo"
    return f"{group} '{name}'"


def listed_out(said: Sequence[tuple[str, str, float]]) -> str:
    """Return conditions, as (group, name, weight), in one line; a colour of every place is said once.

    Example:
        >>> listed_out(
        ...     [("colour_top", "red", 0.4), ("colour_middle", "red", 0.8), ("colour_bottom", "red", 0.4)]
        ... )
        'red, most of all in the middle'
    """
    everywhere = {
        colour: max(weights)
        for colour in COLOURS
        if len(weights := [w for group, name, w in said if name == colour and group in _WHERE]) == len(_WHERE)
    }
    parts = [
        spoken(group, name, weight)
        for group, name, weight in said
        if not (group in _WHERE and name in everywhere)
    ]
    for colour, weight in everywhere.items():
        parts.append(f"{colour}, most of all in the middle" if weight > 0 else f"no {colour} anywhere")
    return ", ".join(parts)

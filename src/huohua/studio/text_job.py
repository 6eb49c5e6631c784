"""A recipe of text carried out: a new text to a form, or a given one continued, filled in or rewritten.

What a recipe says decides all of it, so a text can be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch

from huohua.arts.text.editing import Editor, Wish
from huohua.arts.text.gaps import line_spans
from huohua.arts.text.writing import Desk, Draft, Order
from huohua.errors import UsageError
from huohua.provenance.record import Recipe
from huohua.randomness import torch_generator

Edited = Callable[[Editor, str, Recipe, torch.Generator], Sequence[Draft]]


def drafts_of(desk: Desk, recipe: Recipe, given: str | None = None) -> Sequence[Draft]:
    """Return the drafts of a recipe, the chosen one first.

    Args:
        desk: of the model.
        recipe: of a new text or of an edited one.
        given: the text that was given.

    Raises:
        UsageError: there is no such operation, or the text has no such lines.
    """
    dice = torch_generator(recipe.seed, "text", recipe.index)
    operation = next(iter(recipe.words.get("operation", ())), "create")
    if operation == "create":
        return desk.compose(_order(recipe), dice=dice)
    if operation not in OPERATIONS or given is None:
        raise UsageError(
            f"There is no operation '{operation}' on texts.", advice=f"Use {', '.join(OPERATIONS)}."
        )
    editor = Editor(
        desk,
        Wish(
            form=_word(recipe, "form"),
            wishes=wishes_of(recipe),
            keywords=recipe.words.get("keywords", ()),
            candidates=int(recipe.options["drafts"]),
            temperature=recipe.options["temperature"],
            choosiness=recipe.options["choosiness"],
        ),
    )
    drafts = OPERATIONS[operation](editor, given, recipe, dice)
    if not drafts:
        raise UsageError(
            "Every draft came out as the text was.",
            advice="Try another --seed, more --drafts or bolder ones.",
        )
    return drafts


def wishes_of(recipe: Recipe) -> dict[str, tuple[str, ...]]:
    """Return the labels that a recipe asks for, without its form."""
    return {
        group: tuple(name for name, weight in weights.items() if weight > 0)
        for group, weights in recipe.conditions.items()
        if group != "form" and weights
    }


def _order(recipe: Recipe) -> Order:
    rhyme = _word(recipe, "rhyme")
    return Order(
        form=_word(recipe, "form"),
        wishes=wishes_of(recipe),
        title=_word(recipe, "title"),
        keywords=recipe.words.get("keywords", ()),
        acrostic=_word(recipe, "acrostic"),
        asked={"rhyme": rhyme} if rhyme else {},
        candidates=int(recipe.options["drafts"]),
        temperature=recipe.options["temperature"],
        choosiness=recipe.options["choosiness"],
    )


def _continued(editor: Editor, text: str, recipe: Recipe, dice: torch.Generator) -> Sequence[Draft]:
    return editor.go_on(text, most=int(recipe.options["most"]), dice=dice)


def _filled_in(editor: Editor, text: str, recipe: Recipe, dice: torch.Generator) -> Sequence[Draft]:
    if "line" in recipe.options:
        return editor.alternatives(text, int(recipe.options["line"]) - 1, dice=dice)
    return editor.fill(text, int(recipe.options["first"]) - 1, int(recipe.options["last"]), dice=dice)


def _rewritten(editor: Editor, text: str, recipe: Recipe, dice: torch.Generator) -> Sequence[Draft]:
    locked = _locked(editor, text, recipe)
    return editor.rewrite(text, locked=locked, share=recipe.options["share"], dice=dice)


def _polished(editor: Editor, text: str, recipe: Recipe, dice: torch.Generator) -> Sequence[Draft]:
    return editor.polish(text, locked=_locked(editor, text, recipe), dice=dice)


OPERATIONS: Mapping[str, Edited] = {
    "continue": _continued,
    "fill": _filled_in,
    "rewrite": _rewritten,
    "polish": _polished,
}


def _locked(editor: Editor, text: str, recipe: Recipe) -> list[tuple[int, int]]:
    """Return where the lines lie that must not change."""
    spans = line_spans(text, editor.wording.language)
    lines = [int(line) for line in recipe.words.get("locked", ())]
    if wrong := [line for line in lines if not 1 <= line <= len(spans)]:
        raise UsageError(f"There is no line {wrong[0]}; the text has {len(spans)}.")
    return [spans[line - 1] for line in lines]


def _word(recipe: Recipe, name: str) -> str:
    return next(iter(recipe.words.get(name, ())), "")

"""What a check of a text against a form found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that does not keep the form.

    Attributes:
        line: the line or clause, from 1; 0 for the whole text.
        what: what is wrong, in words that stand alone.
    """

    line: int
    what: str


@dataclass(frozen=True, kw_only=True)
class FormReport:
    """A text against the pattern of its form that it is nearest to.

    Attributes:
        form, pattern: by name; the pattern is "" where the number of lines fits none.
        lengths: whether the number of lines and every length fit.
        tones_right, tones_wrong, tones_unknown: places with a fixed tone, by what stands there.
        stress: whether the metre is kept; true where the form asks for none.
        rhymes: whether every rhyme holds.
        repeated: rhyme words that come twice.
        unknown: characters or words that no table knows, at places that matter.
        faults: everything that does not fit, in the order of the lines.
    """

    form: str
    pattern: str
    lengths: bool
    tones_right: int = 0
    tones_wrong: int = 0
    tones_unknown: int = 0
    stress: bool = True
    rhymes: bool = True
    repeated: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def tone_share(self) -> float:
        """Return the share of known characters at fixed places that have the tone asked for."""
        known = self.tones_right + self.tones_wrong
        return self.tones_right / known if known else 1.0

    @property
    def regular(self) -> bool:
        """Return whether every length fits and no tone is wrong."""
        return self.lengths and not self.tones_wrong and not self.tones_unknown

    @property
    def keeps(self) -> bool:
        """Return whether the text keeps its form in everything."""
        return not self.faults

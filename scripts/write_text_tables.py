"""Write the tables of tones, rhymes and sounds in src/huohua/arts/text/tables from what they were taken from.

    python scripts/write_text_tables.py RHYME_FOLDER CMUDICT_FILE

RHYME_FOLDER holds the three JSON files of charlesix59/chinese_word_rhyme, commit ff0e9c13fb; CMUDICT_FILE is
the CMU Pronouncing Dictionary 0.7a as NLTK packs it (corpora/cmudict). The originals are not needed to use
Huohua; NOTICE.txt beside the tables names them and their licences.
"""

from __future__ import annotations

import json
import lzma
import re
import sys
from pathlib import Path

TABLES = Path(__file__).resolve().parents[1] / "src" / "huohua" / "arts" / "text" / "tables"
# The one group of 106 that the source lacks.
MISSING = "讲港棒蚌项耩玤"
PINGSHUI_TONES = {"上平声部": "平", "下平声部": "平", "上声部": "上", "去声部": "去", "入声部": "入"}
# What stands before "or" where British spelling has "our".
BRITISH = (
    *("arm", "ard", "behavi", "clam", "col", "endeav", "fav", "flav", "harb", "hon", "hum", "lab"),
    *("neighb", "od", "parl", "ranc", "rum", "sav", "splend", "val", "vap", "vig"),
)
ENDINGS = "(?:s|'s|ed|ing|able|ably|er|ers|ful|fully|less|hood|ly|ite|ites|y|ies)?"
TONES = {"平": "平", "仄": "仄", "平声": "平", "仄声": "仄", "入声": "入"}


def main() -> None:
    """Write all four tables."""
    rhymes, sounds = Path(sys.argv[1]), Path(sys.argv[2])
    found = json.loads((rhymes / "Pingshui_Rhyme.json").read_text(encoding="utf-8"))
    found["上声部"]["三讲"] = list(MISSING)
    write_book(
        "pingshui",
        [
            (PINGSHUI_TONES[tone], group, characters)
            for tone, groups in found.items()
            for group, characters in groups.items()
        ],
    )
    for name, file in (("cilin", "Cilin_Rhyme.json"), ("xinyun", "Xinyun_Rhyme.json")):
        found = json.loads((rhymes / file).read_text(encoding="utf-8"))
        write_book(
            name,
            [
                (TONES[tone], group, characters)
                for group, tones in found.items()
                for tone, characters in tones.items()
            ],
        )
    (TABLES / "sounds.txt.xz").write_bytes(lzma.compress(all_sounds(sounds).encode(), preset=9))


def write_book(name: str, groups: list[tuple[str, str, list[str]]]) -> None:
    """Write one rhyme book: a line for each group with its tone, its name and its characters."""
    rows = [
        f"{tone} {group} {''.join(dict.fromkeys(plain(characters)))}" for tone, group, characters in groups
    ]
    (TABLES / f"{name}.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")


def plain(characters: list[str]) -> str:
    """Return the characters of a group without the remarks in brackets that stand among them."""
    return re.sub(r"\[.*?\]|\s", "", "".join(characters))


def all_sounds(path: Path) -> str:
    """Return the dictionary with older and British spellings added, one line for each pronunciation."""
    added = [line for line in (TABLES / "added_sounds.txt").read_text().splitlines() if line[0] != "#"]
    rows = [*dictionary(path), *added]
    known = {row.split(" ", 1)[0] for row in rows}
    for row in list(rows):
        word, sounds = row.split(" ", 1)
        rows += [f"{other} {sounds}" for other in spellings(word, sounds) if other not in known]
    return "\n".join(dict.fromkeys(rows)) + "\n"


def dictionary(path: Path) -> list[str]:
    """Return the entries that are spelt with letters and apostrophes as "word S OW1 N D Z"."""
    rows = []
    for line in path.read_text(encoding="latin-1").splitlines():
        word, _, sounds = line.split(" ", 2)
        if re.fullmatch(r"[A-Z']*[A-Z][A-Z']*", word) and re.search(r"\d", sounds):
            rows.append(f"{word.lower()} {sounds}")
    return rows


def spellings(word: str, sounds: str) -> list[str]:
    """Return other spellings with the same sounds: "fill'd" for "filled", "colour" for "color"."""
    found = []
    if word.endswith("ed") and len(word) > 3 and not re.search(r"(IH0|AH0) D$", sounds):
        found.append(word[:-2] + "'d")
    british = re.sub(f"^(.*(?:{'|'.join(BRITISH)}))or(?={ENDINGS}$)", r"\1our", word)
    return [*found, british] if british != word else found


if __name__ == "__main__":
    main()

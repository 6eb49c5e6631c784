"""What each character of a finished text is for."""

from __future__ import annotations

from huohua.arts.text.slots import RHYMES, UNDECIDED, Ahead, read_ahead, rhyme_number, syllables

POEM = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。"


def test_a_quatrain_is_read_line_by_line():
    found = read_ahead(POEM, "zh")
    assert len(found) == len(POEM)
    assert [ahead.line for ahead in found] == [0] * 6 + [1] * 7 + [2] * 6 + [3] * 6
    assert [ahead.left for ahead in found[:13]] == [5, 4, 3, 2, 1, 0, 5, 4, 3, 2, 1, 0, 0]
    # 光, 霜 and 乡 are of one group of 平水韵 and 月 is not: the first line joins in.
    rhymes = [found[POEM.rindex(end)].rhyme for end in "光霜月乡"]
    assert rhymes == ["pingshui:七阳", "pingshui:七阳", "", "pingshui:七阳"]


def test_tones_are_told_where_there_is_but_one():
    tones = {letter: ahead.tone for letter, ahead in zip(POEM, read_ahead(POEM, "zh"), strict=True)}
    assert (tones["光"], tones["月"], tones["思"]) == ("平", "仄", "")  # 思 has both


def test_english_counts_syllables_and_hears_rhymes():
    text = "The garden sleeps at night,\nand stars give little light."
    found = read_ahead(text, "en")
    assert len(found) == len(text)
    by_word = {word: found[text.index(word)] for word in ("garden", "sleeps", "stars", "light")}
    assert by_word["garden"] == Ahead(line=0, left=5, rhyme="en:AY T")
    assert by_word["sleeps"].left == 3
    assert by_word["stars"] == Ahead(line=1, left=5, rhyme="en:AY T")
    assert found[text.index(",")].left == 0
    assert found[text.index("\n")] == Ahead(line=0, left=0)
    assert found[-1] == Ahead(line=1, left=0)


def test_a_word_does_not_rhyme_with_itself():
    assert {ahead.rhyme for ahead in read_ahead("the night\nthe night", "en")} == {""}


def test_numbers_stay_within_their_tables():
    assert Ahead().numbers() == (0, 0, 0, 0)
    assert Ahead(line=1000, left=1000, tone="仄", rhyme=UNDECIDED).numbers() == (47, 33, 2, 1)
    assert all(2 <= rhyme_number(f"en:{n}") < RHYMES for n in range(2000))


def test_unknown_words_are_counted_by_their_vowels():
    assert [syllables(word) for word in ("garden", "zorbled", "hmm")] == [2, 2, 1]

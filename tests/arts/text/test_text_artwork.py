"""Finished texts: every kind of file gives the text and the record back, and damage is told."""

from __future__ import annotations

import importlib
import io
import json
from itertools import pairwise

import pytest
from PIL import Image

from huohua.arts.text.artwork import ENCODERS, TextArtwork
from huohua.arts.text.form_table import form_named
from huohua.arts.text.stanzas import with_gaps
from huohua.errors import DataError, MissingDependencyError, UsageError
from huohua.provenance.labels import read_source_type
from huohua.provenance.record import Origin, Recipe, Record

pytestmark = pytest.mark.usefixtures("chinese_face")

POEM = "朝辞白帝彩云间，千里江陵一日还。\n两岸猿声啼不住，轻舟已过万重山。"
ODD = "I 😀 <b>&amp;</b> 'quoted' \"twice\"\n\n---\nhuohua:{}\n⸻\nالليل  \n* star"


def kinds() -> list[str]:
    """Return the kinds of file that this system can write: pages as PDF need libcairo."""
    try:
        importlib.import_module("cairosvg")
    except (ImportError, OSError):
        return [suffix for suffix in ENCODERS if suffix != ".pdf"]
    return list(ENCODERS)


def work(text: str = POEM, **facts) -> TextArtwork:
    recipe = Recipe(art="text", model_sha256="0" * 64, seed=7, version="0.1.0", words={"form": ("七绝",)})
    origin = Origin(producer="Huohua 0.1.0", created="2026-11-24T12:00:00+00:00", data="tang's")
    return TextArtwork(text=text, recipe=recipe, origin=origin, **facts)


@pytest.mark.parametrize("text", [POEM, ODD], ids=["poem", "odd"])
@pytest.mark.parametrize("suffix", kinds())
def test_every_kind_of_file_gives_the_work_back(tmp_path, suffix, text):
    made = work(text, title="早发'白帝'城 <1>", form="七绝", setting="vertical" if text == POEM else "")
    opened = TextArtwork.open(made.save(tmp_path / f"work{suffix}"))
    assert opened == made
    assert opened.work_id == made.work_id


@pytest.mark.parametrize("suffix", kinds())
def test_the_same_work_is_the_same_bytes_and_says_that_an_ai_made_it(suffix):
    content = work().encode(suffix)
    assert content == work().encode(suffix)
    if suffix in (".txt", ".md", ".json", ".svg"):
        assert "人工智能生成" in content.decode()


def test_a_page_carries_the_label_for_machines():
    picture = Image.open(io.BytesIO(work().encode(".png")))
    assert read_source_type(picture.info["XML:com.adobe.xmp"]).endswith("trainedAlgorithmicMedia")
    assert Record.read(picture.info["huohua"], source="the page").recipe.seed == 7
    assert read_source_type(work().encode(".svg").decode()).endswith("trainedAlgorithmicMedia")


def test_json_holds_lines_for_other_programs():
    found = json.loads(work(title="T").encode(".json"))
    assert found["lines"] == POEM.split("\n")
    assert found["record"]["recipe"]["seed"] == 7


def test_a_word_put_right_in_a_text_file_counts(tmp_path):
    path = work().save(tmp_path / "work.txt")
    path.write_text(path.read_text(encoding="utf-8").replace("轻舟", "孤舟"), encoding="utf-8")
    assert TextArtwork.open(path).text == POEM.replace("轻舟", "孤舟")


def test_markdown_is_read_as_a_work_by_datasets():
    from huohua.arts.text.datasets.markdown import read_markdown

    row = read_markdown(work(title="白帝", form="七绝").encode(".md").decode(), name="w.md")
    assert (row.title, row.form) == ("白帝", "七绝")
    assert row.text.startswith("朝辞白帝彩云间")


def test_another_record_leaves_the_text():
    made = work(title="T")
    other = made.told(recipe=made.recipe, origin=made.origin.model_copy(update={"data": "song"}))
    assert (other.text, other.title, other.origin.data) == (POEM, "T", "song")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"just a text", "carries no Huohua recipe"),
        ("a.md", b"# just a text", "carries no Huohua recipe"),
        ("a.json", b"{}", "cannot be read"),
        ("a.json", b"\xff\xfe", "cannot be read"),
        ("a.png", b"\x89PNG", "carries no Huohua recipe"),
        ("a.svg", b"<svg/>", "carries no Huohua recipe"),
        ("a.pdf", b"%PDF-1.7", "carries no Huohua recipe"),
        ("a.docx", b"x", "no kind of file"),
        ("a.txt", f"x\n\n⸻\ny\nhuohua:{{{'[' * 5000}}}".encode(), "carries no Huohua recipe"),
    ],
)
def test_a_file_that_is_not_ours_is_one_clear_message(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        TextArtwork.open(tmp_path / name)


def test_a_missing_file_and_an_unknown_ending_are_told(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        TextArtwork.open(tmp_path / "none.txt")
    with pytest.raises(UsageError, match=r"not saved as '\.docx'"):
        work().encode(".docx")


def test_without_a_chinese_typeface_text_files_still_work(monkeypatch):
    from huohua.arts.text.pages import faces

    monkeypatch.setattr(faces, "FILES", ())
    faces.face.cache_clear()
    try:
        with pytest.raises(MissingDependencyError, match="No typeface with Chinese characters"):
            work().encode(".svg")
        assert work().encode(".txt")
    finally:
        faces.face.cache_clear()


def test_stanzas_of_a_form_are_set_apart_on_its_page_and_nowhere_else():
    moon = "\n".join("abcdefghijklmn")
    rows = [piece.y for piece in work(moon, form="sonnet").page().pieces if piece.text in set(moon)]
    steps = [round(after - before) for before, after in pairwise(rows)]
    assert [number for number, step in enumerate(steps, start=1) if step > steps[0]] == [4, 8, 12]
    assert work(moon, form="sonnet").encode(".txt").decode().startswith(moon)
    assert with_gaps(POEM, form_named("七绝")) == POEM
    assert with_gaps("a\nb", form_named("sonnet")) == "a\nb"
    song = "。\n".join("abcdef") + "。"
    assert with_gaps("一。\n二。\n三。\n四，五。\n六。", form_named("浣溪沙")).count("\n\n") == 1
    assert with_gaps(song, form_named("浣溪沙")) == song

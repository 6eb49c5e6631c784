"""Sound: neither silent nor clipped, as long as the piece, the same each time; and tags that come back."""

from __future__ import annotations

import io
import math
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from huohua.arts.music import needs, sound
from huohua.arts.music.piece import Note, Piece, Tempo, Track
from huohua.arts.music.sound import LOUDEST, RATE, Sound, played
from huohua.arts.music.sound_files import record_of_sound, sound_bytes
from huohua.arts.music.stamps import Stamp
from huohua.errors import DataError, MissingDependencyError
from huohua.provenance.labels import read_source_type, xmp_packet
from huohua.provenance.record import Origin, Recipe, Record

installed = pytest.mark.skipif(
    shutil.which("fluidsynth") is None, reason="FluidSynth is not installed: see scripts/debian-packages"
)


def tune(pitch=69, beats=2, qpm=60):
    note = Note(start=0, duration=48 * beats, pitch=pitch, velocity=100)
    return Piece(tracks=(Track(program=73, notes=(note,)),), tempos=(Tempo(qpm=qpm),))


@pytest.fixture(scope="module")
def heard():
    return played(tune())


@installed
def test_a_note_lasts_as_long_as_it_is_written_and_fades(heard):
    assert 2.0 <= heard.seconds <= 2.0 + sound.TAIL_SECONDS


@installed
def test_the_loudest_sample_is_one_decibel_below_the_limit_and_the_rest_is_not_silent(heard):
    assert heard.peak == pytest.approx(10 ** (-1 / 20), abs=2e-3)
    assert 0.03 < heard.loudness < 0.6


@installed
def test_the_pitch_heard_is_the_pitch_written(heard):
    """The A above middle C swings 440 times in a second."""
    mono = heard.samples[: 2 * RATE].astype(float).mean(axis=1)
    strength = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    hertz = np.fft.rfftfreq(len(mono), 1 / RATE)
    strength[hertz < 200] = 0
    assert abs(1200 * math.log2(hertz[strength.argmax()] / 440) % 1200) % 1190 < 25


@installed
def test_the_same_piece_gives_the_same_samples(heard):
    assert np.array_equal(played(tune()).samples, heard.samples)


@installed
def test_a_sound_font_that_is_none_is_told(tmp_path):
    font = tmp_path / "broken.sf2"
    font.write_bytes(b"RIFF" + bytes(100))
    with pytest.raises(MissingDependencyError, match=r"broken\.sf2"):
        played(tune(), font=font)


def test_a_piece_without_notes_has_no_sound():
    with pytest.raises(DataError, match="has no sound"):
        played(Piece())


def test_levelling_cuts_the_silence_after_the_last_sample_that_is_heard():
    samples = np.array([[0.5, 0.0], [0.0, -0.25], [1e-4, 0.0], [0.0, 0.0]], np.float32)
    found = sound._levelled(samples, None)
    full = round(LOUDEST * 32767)
    assert found.tolist() == [[full, 0], [0, -round(LOUDEST * 32767 / 2)]]


# ── files ─────────────────────────────────────────────────────────────────────────────────────────
RECORD = Record(
    recipe=Recipe(art="music", model_sha256="0" * 64, seed=3, version="1", prompt='火 = "a"; #b\\c'),
    origin=Origin(producer="Huohua 1", created="2026-01-01T00:00:00+00:00"),
)
STAMP = Stamp(
    title="火花",
    record=RECORD.to_ascii(),
    description="jazz, made by an AI (Huohua 1)",
    xmp=xmp_packet(RECORD, work_id="7"),
)


def beep(seconds=0.5):
    time = np.arange(round(seconds * RATE)) / RATE
    mono = np.rint(20_000 * np.sin(2 * np.pi * 440 * time)).astype("<i2")
    return Sound(samples=np.stack([mono, mono], axis=1))


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3", ".ogg"])
def test_every_kind_of_sound_carries_the_record_and_is_the_same_each_time(tmp_path, suffix):
    pytest.importorskip("imageio_ffmpeg")
    content = sound_bytes(beep(), suffix, STAMP)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    assert record_of_sound(path) == STAMP.record
    assert read_source_type(content.decode("utf-8", "ignore").replace("\0", "")) == "trainedAlgorithmicMedia"
    assert sound_bytes(beep(), suffix, STAMP) == content


def test_wav_keeps_every_sample_and_other_programs_read_it():
    pytest.importorskip("imageio_ffmpeg")
    content = sound_bytes(beep(), ".wav", STAMP)
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        assert file.readframes(file.getnframes()) == beep().samples.tobytes()


def test_what_is_no_sound_and_sound_of_others_are_told(tmp_path):
    pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF, or so it says")
    with pytest.raises(DataError, match="not a file of sound"):
        record_of_sound(path)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(1600))
    assert record_of_sound(path) == ""


# ── what is missing ───────────────────────────────────────────────────────────────────────────────
def test_a_missing_synthesiser_is_told_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingDependencyError, match="FluidSynth") as caught:
        needs.synthesiser()
    assert "apt-get install" in caught.value.advice and "fluidsynth" in caught.value.advice


def test_the_packages_that_people_are_told_are_those_that_the_tests_install():
    listing = Path(__file__).resolve().parents[3] / "scripts" / "debian-packages"
    lines = [line.partition("#")[0].strip() for line in listing.read_text(encoding="utf-8").splitlines()]
    assert tuple(filter(None, lines)) == needs.DEBIAN_PACKAGES


def test_a_missing_sound_font_is_told_and_a_named_one_is_taken(monkeypatch, tmp_path):
    monkeypatch.setattr(needs, "SOUND_FOLDERS", (str(tmp_path),))
    monkeypatch.delenv(needs.SOUND_FONT_VARIABLE, raising=False)
    with pytest.raises(MissingDependencyError, match="sound font") as caught:
        needs.sound_font()
    assert "musescore-general-soundfont-small" in caught.value.advice
    (tmp_path / "sf2").mkdir()
    (tmp_path / "sf2" / "TimGM6mb.sf2").touch()
    assert needs.sound_font() == tmp_path / "sf2" / "TimGM6mb.sf2"
    mine = tmp_path / "mine.sf3"
    monkeypatch.setenv(needs.SOUND_FONT_VARIABLE, str(mine))
    with pytest.raises(MissingDependencyError, match="There is no sound font"):
        needs.sound_font()
    mine.touch()
    assert needs.sound_font() == mine


def test_a_missing_library_is_told_with_what_it_is_for(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(needs.importlib, "import_module", absent)
    for name, job in needs.LIBRARIES.items():
        with pytest.raises(MissingDependencyError, match=job) as caught:
            needs.library(name)
        assert "huohua[music]" in caught.value.advice


def test_a_library_that_lacks_its_system_library_is_told(monkeypatch):
    def broken(name):
        raise OSError("no library called cairo was found\nmore")

    monkeypatch.setattr(needs.importlib, "import_module", broken)
    with pytest.raises(MissingDependencyError, match="no library called cairo was found") as caught:
        needs.library("cairosvg")
    assert "libcairo2" in caught.value.advice

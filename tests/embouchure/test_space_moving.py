"""The verbs that mix, move and map the sounds of the space."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from embouchure.cli import app
from embouchure.errors import ProgramError
from presets import store
from presets.factory import fitting, macros, making
from synth.moving.refusal import MovingError
from synth.space import save_space
from tests.synth.moving.tiny import tiny_space

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def told(*arguments: str) -> dict:
    done = RUNNER.invoke(app, ["space", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def refusal(*arguments: str) -> str:
    done = RUNNER.invoke(app, ["space", *arguments])
    assert isinstance(done.exception, MovingError | ProgramError)
    return str(done.exception)


def test_a_mix_tells_what_it_is_made_of_and_is_heard(tmp_path: Path):
    wav = tmp_path / "one.wav"
    made = told("mix", "flute-c5-mf:0.5", "violin:1.5", "-o", str(wav))
    assert made["made_of"] == [
        {"sound": "flute-c5-mf", "share": 0.25},
        {"sound": "violin", "share": 0.75},
    ]
    assert made["note"] == 72.0
    audio, rate_hz = soundfile.read(wav)
    assert np.isfinite(audio).all()
    assert 2.0 <= len(audio) / rate_hz <= 3.0
    assert 0.05 < np.abs(audio).max() <= 1.0


def test_half_by_ear_is_not_half_of_the_codes():
    made = told("mix", "bottle", "saw-lead", "--by-ear")
    shares = [part["share"] for part in made["made_of"]]
    assert sum(shares) == pytest.approx(1.0, abs=1e-3)
    assert shares[0] != 0.5


def test_going_too_far_is_told():
    made = told("mix", "timpani:3.5", "piccolo:-2.5")
    assert 0.0 <= made["held_at"] <= 1.0
    assert made["is_steered"] or made["held_at"] == 1.0


def test_a_move_along_an_axis_leads_away_from_the_sound():
    here, there = (
        told("move", "flute-c5", "--axis", f"noise={steps}")["nearest"][0] for steps in ("0", "+2")
    )
    assert here["distance_db"] < there["distance_db"]


def test_an_analogy_is_made_of_its_three_sounds():
    made = told("analogy", "muted-trumpet", "trumpet", "cello", "--note", "c3")
    assert [part["share"] for part in made["made_of"]] == [1.0, -1.0, 1.0] or made["held_at"] < 1.0
    assert made["note"] == 48.0


def test_near_lists_the_sound_itself_first():
    found = told("near", "oboe-cs5-mf", "--count", "3")
    assert found[0]["name"] == "oboe-cs5-mf"
    assert len(found) == 3


def test_axes_tell_what_was_measured_of_them():
    found = told("axes")
    assert [axis["name"] for axis in found][:2] == ["brightness", "noise"]
    assert all(axis["r2"] > 0 for axis in found)


@pytest.fixture
def few_sounds(tmp_path: Path) -> Path:
    few, path = tiny_space(), tmp_path / "few.safetensors"
    save_space(path, few.card, few.arrays)
    return path


def test_a_space_of_few_sounds_has_no_axes_and_says_so(few_sounds: Path, tmp_path: Path):
    out = tmp_path / "out.safetensors"
    for verb in (
        ("axes",),
        ("axes", "--out", str(out)),
        ("move", "toy-1", "--axis", "brightness=1"),
    ):
        told = refusal(*verb, "--space", str(few_sounds))
        assert "has 24 sounds, too few for axes, which need 60" in told
    assert not out.exists()


def test_sounds_are_listed_by_family():
    done = RUNNER.invoke(app, ["space", "sounds"])
    assert "flute" in done.output


def test_a_preset_of_a_mix_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(making, "N_DEMONSTRATED", 12)
    monkeypatch.setattr(fitting, "ITERATIONS", 3)
    monkeypatch.setattr(macros, "ITERATIONS", 1)
    monkeypatch.setattr(macros, "N_FRAMES", 10)
    told("mix", "flute", "violin", "--preset", "airy")
    card = store.load("airy").card
    assert card.provenance.origin == "mixed"
    assert card.provenance.program
    again = RUNNER.invoke(app, ["space", "mix", "flute", "--preset", "airy"])
    assert "there is a preset airy already" in str(again.exception)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("mix", "flute:much"), "'much' is no share"),
        (("mix", "flute", "--by-ear"), "goes between two sounds"),
        (("mix", "kazoo"), "has no sound 'kazoo'"),
        (("mix", "flute:1", "violin:-1"), "must sum to more than 0"),
        (("move", "flute", "--axis", "noise"), "'noise' is no move"),
        (("move", "flute", "--axis", "green=1"), "there is no axis 'green'"),
        (("near", "flute", "--note", "h9"), "'h9' is no key"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(arguments: tuple[str, ...], sentence: str):
    assert sentence in refusal(*arguments)

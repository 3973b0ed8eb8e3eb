"""A learned vibrato, measured from the sound as a simulated player plays it."""

import json
from dataclasses import fields

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from calibration.targets.vibrato import find_vibrato
from embouchure.cli import app
from embouchure.feel.measures import RATE_HZ
from embouchure.feel.shaking import STEP_S, Shaker
from embouchure.feel.vibrato import NOTE, Row, vibrato_table
from embouchure.feel.vibrato_sound import hear_vibrato

Array = NDArray[np.float64]


def tone(hz: float, cents: float, db: float, late_turns: float = 0.0) -> Array:
    """Four seconds of ten partials whose pitch and level swing from 0.8 s on."""
    times_s = np.arange(4 * RATE_HZ) / RATE_HZ
    turns = hz * (times_s - 0.8)
    lasts = times_s > 0.8
    swing = lasts * np.sin(2 * np.pi * turns)
    level = lasts * np.sin(2 * np.pi * (turns - late_turns))
    f0_hz = 440.0 * 2.0 ** ((NOTE - 69.0 + cents * swing / 100.0) / 12.0)
    phase = 2 * np.pi * np.cumsum(f0_hz) / RATE_HZ
    sound = sum(np.sin(k * phase) / k for k in range(1, 11))
    return np.asarray(0.1 * sound * 10.0 ** (db * level / 20.0))


@pytest.mark.parametrize(("hz", "cents", "db"), [(4.3, 20.0, 1.0), (6.5, 22.0, 2.0)])
def test_rate_extents_and_onset_are_heard(hz: float, cents: float, db: float):
    heard = hear_vibrato(tone(hz, cents, db), NOTE)
    assert heard.rate_hz == pytest.approx(hz, abs=0.05)
    assert heard.extent_cents == pytest.approx(cents, rel=0.03)
    assert abs(heard.swing_db) == pytest.approx(db, rel=0.03)
    assert heard.onset_s == pytest.approx(0.8, abs=0.06)
    assert heard.level_onset_s == pytest.approx(0.8, abs=0.06)


def test_a_loudness_that_comes_later_than_the_pitch_is_heard_to():
    swing_db = hear_vibrato(tone(5.0, 20.0, 2.0, late_turns=0.25), NOTE).swing_db
    assert np.angle(swing_db) == pytest.approx(-np.pi / 2, abs=0.1)


def test_the_simulated_finger_swings_as_it_is_told_and_no_two_alike():
    swings = [Shaker(seed=seed).swing(NOTE, 4.0, 0.8)[1] for seed in (1, 2)]
    assert np.abs(swings[0] - swings[1]).max() > 0.02
    for swing in swings:
        found = find_vibrato(swing[::4], 1 / (4 * STEP_S))
        assert found is not None
        assert found.rate_hz == pytest.approx(4.3, abs=0.1)
        assert found.extent == pytest.approx(0.2, rel=0.1)


def test_a_steady_finger_trembles():
    glide = Shaker(seed=3).hold(NOTE, 2.0).glide_semitones
    curve = np.array([glide(age_s) for age_s in np.arange(0.2, 2.0, 0.004)])
    assert 0.005 < np.std(curve) < 0.06


@pytest.fixture(scope="module")
def row() -> Row:
    return next(vibrato_table([("vibrato-bow", "bow")], n_performances=2, n_holds=10))


@pytest.mark.slow
def test_the_rate_stays_the_players(row: Row):
    assert row.target_hz - row.player_hz > 1.0
    assert row.rate_error_hz <= 0.2


@pytest.mark.slow
def test_the_extent_becomes_the_targets(row: Row):
    assert row.plain_cents == pytest.approx(20.0, rel=0.1)
    assert row.extent_error <= 0.15


@pytest.mark.slow
def test_loudness_and_brightness_go_along_as_the_targets_do(row: Row):
    assert row.db_share == pytest.approx(1.0, abs=0.15)
    assert row.bright_share == pytest.approx(1.0, abs=0.15)


@pytest.mark.slow
def test_it_begins_when_the_player_does(row: Row):
    assert row.onset_error_ms <= 80.0


@pytest.mark.slow
def test_steady_holds_stay_as_they_are(row: Row):
    assert row.false_holds == 0.0


@pytest.mark.slow
def test_glides_land_where_they_are_meant_to(row: Row):
    assert row.glide_cents <= 5.0
    assert row.overshoot_cents <= 5.0
    assert row.step_within_cents <= 5.0


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_the_table_is_said_in_lines_and_as_json(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
):
    figures = dict.fromkeys((field.name for field in fields(Row)), 0.5)
    made = Row(**(figures | {"target": "vibrato-bow", "preset": "bow", "onset_error_ms": 99.0}))
    monkeypatch.setattr("embouchure.feel.vibrato.vibrato_table", lambda: iter([made]))
    said = CliRunner().invoke(app, ["feel", "--vibrato", *arguments])
    assert said.exit_code == 0
    assert "onset_error_ms" in said.output
    if arguments:
        row, *_ = json.loads(said.output)
        assert "onset_error_ms" in row["failures"]
        assert row["preset"] == "bow"
    else:
        assert "99!" in said.output

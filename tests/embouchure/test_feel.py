"""What a finger feels: how presets answer it, on controllers as they are."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from embouchure.cli import app
from embouchure.errors import ProgramError
from embouchure.feel import table as feel_table
from embouchure.feel.bounds import BOUNDS, Bound
from embouchure.feel.table import Row, controllers, row, rows

PLAYED = (
    ("breath", "linnstrument-mpe"),
    ("bow", "linnstrument"),
    ("pluck", "osmose"),
    ("voice", "keyboard"),
)


@pytest.fixture(scope="module")
def played() -> dict[tuple[str, str], Row]:
    return {(one.preset, one.controller): one for one in (row(*pair) for pair in PLAYED)}


@pytest.mark.parametrize("pair", PLAYED, ids="-".join)
def test_a_preset_answers_within_the_bounds(
    pair: tuple[str, str], played: dict[tuple[str, str], Row]
):
    one = played[pair]
    assert {name: one.figures[name] for name in one.failures()} == {}


def test_what_a_controller_cannot_ask_is_left_open(played: dict[tuple[str, str], Row]):
    figures = played["voice", "keyboard"].figures
    assert figures["unpressed_db"] is not None
    assert figures["step_ms"] is None
    assert figures["glide_cents"] is None


def test_a_linnstruments_gaps_keep_the_level_less_than_two_of_them_behind(
    played: dict[tuple[str, str], Row],
):
    behind_ms = played["breath", "linnstrument-mpe"].figures["behind_ms"]
    assert behind_ms is not None
    assert behind_ms < 16.0


def test_figures_come_in_the_order_of_their_bounds(played: dict[tuple[str, str], Row]):
    assert all(list(one.figures) == list(BOUNDS) for one in played.values())


@pytest.mark.parametrize(
    ("figure", "holds"), [(None, True), (2.0, True), (2.1, False), (-5.0, True), (np.nan, False)]
)
def test_a_bound_holds_up_to_itself(figure: float | None, *, holds: bool):
    assert Bound(title="some", unit="dB", most=2.0).holds(figure) is holds


def test_every_controller_is_played_but_ports_that_repeat_another():
    assert "linnstrument" in controllers([])
    assert "osmose-haken" not in controllers([])
    assert controllers(["osmose-haken"]) == ["osmose-haken"]


def test_an_unknown_controller_is_refused_with_those_there_are():
    with pytest.raises(ProgramError, match=r"theremin is no controller; choose one of seaboard,"):
        controllers(["theremin"])


def test_a_row_names_what_is_beyond_its_bound():
    figures = dict.fromkeys(BOUNDS) | {"step_ms": 13.0, "span_db": 31.0}
    one = Row(preset="bow", controller="mpe", figures=figures)
    assert one.failures() == ["step_ms"]


def _canned(_: object, words: list[str]) -> list[Row]:
    figures = dict.fromkeys(BOUNDS) | {"step_ms": 13.0, "span_db": 31.0}
    return [Row(preset="bow", controller=word, figures=figures) for word in words]


def test_the_command_says_it_to_a_script(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feel_table, "rows", _canned)
    said = CliRunner().invoke(app, ["feel", "--preset", "bow", "--controller", "mpe", "--json"])
    assert json.loads(said.output)[0]["failures"] == ["step_ms"]


def test_the_table_marks_what_is_beyond_its_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feel_table, "rows", _canned)
    said = CliRunner().invoke(app, ["feel", "--controller", "mpe"])
    assert "13.0!" in said.output
    assert "31.0 " in said.output
    assert "1 of 2 figures are beyond their bounds." in said.output


@pytest.mark.slow
def test_the_whole_table_keeps_its_order():
    pairs = [(one.preset, one.controller) for one in rows(["bow", "voice"], ["keyboard"])]
    assert pairs == [("bow", "keyboard"), ("voice", "keyboard")]

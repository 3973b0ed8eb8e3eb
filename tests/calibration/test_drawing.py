"""A drawing becomes the target it shows, a target its drawing, and nonsense a sentence."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.targets.articulations import articulate
from calibration.targets.drawing import Drawing, Point
from calibration.targets.drawing_file import read_drawing, to_csv, to_json
from calibration.targets.known_instruments import recipe_named
from calibration.targets.target import TargetError
from presets.factory.demonstrations import Composer
from presets.spaces import factory_space


@pytest.fixture(scope="module")
def trumpet() -> Composer:
    space = factory_space()
    return Composer(space, recipe_named(space, "trumpet"))


SWELL = Drawing(
    note=67.0,
    strike=0.4,
    points=(Point(0.0, -40.0, 0.2), Point(1.0, -15.0, 0.8, 30.0), Point(2.0, -45.0, 0.3)),
)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_lines_run_straight_between_the_points():
    described = SWELL.descriptors()
    np.testing.assert_allclose(described[50], [-27.5, 0.5, 15.0])
    np.testing.assert_allclose(described[150], [-30.0, 0.55, 15.0])
    assert len(described) == 201


def test_a_drawn_target_is_as_loud_as_bright_and_as_high_as_drawn(trumpet: Composer):
    target = SWELL.target(trumpet, "my-swell")
    described = SWELL.descriptors()
    assert (target.name, target.kind, target.note, target.strike) == (
        "my-swell",
        "drawn",
        67.0,
        0.4,
    )
    np.testing.assert_allclose(target.descriptors[:, [0, 2]], described[:, [0, 2]], atol=1e-3)
    settled = slice(20, None)
    assert np.abs(target.descriptors[settled, 1] - described[settled, 1]).mean() < 0.08


def test_json_and_csv_carry_every_point(tmp_path: Path):
    assert read_drawing(written(tmp_path, "a.json", to_json(SWELL))) == SWELL
    assert read_drawing(written(tmp_path, "a.csv", to_csv(SWELL))).points == SWELL.points


def test_points_may_be_plain_lists_and_leave_out_what_stays_as_it_is(tmp_path: Path):
    path = written(tmp_path, "a.json", json.dumps({"points": [[0, -30], [1, -20, 0.7]]}))
    assert read_drawing(path).points == (Point(0.0, -30.0, 0.5, 0.0), Point(1.0, -20.0, 0.7, 0.0))
    path = written(tmp_path, "a.csv", "time_s,loudness_db\n0,-30\n1,-20\n")
    assert read_drawing(path).points == (Point(0.0, -30.0), Point(1.0, -20.0))


@pytest.mark.parametrize("kind", ["swell", "vibrato-trumpet", "free", "fall"])
def test_an_exported_target_can_be_drawn_again(trumpet: Composer, kind: str):
    target = articulate(trumpet, kind, note=70.0)
    drawing = Drawing.of(target)
    assert len(drawing.points) < 0.7 * len(target.trajectory)
    away = np.abs(drawing.descriptors() - target.descriptors)
    assert (away.max(axis=0) <= [0.51, 0.021, 2.1]).all()
    again = drawing.target(trumpet, "again")
    assert again.length_s == pytest.approx(target.length_s)
    assert again.held_s == pytest.approx(target.held_s)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "", "is no drawing; write JSON"),
        ("a.json", "[1, 2]", "is no drawing"),
        ("a.json", '{"points": 3}', "is no drawing"),
        ("a.json", '{"points": [[0, -30]]}', "points must have 2 or more entries"),
        ("a.json", '{"points": [[0.5, -30], [1, -20]]}', "time_s must begin at 0 and increase"),
        (
            "a.json",
            '{"points": [[0, -30], [1, 20]]}',
            "the loudness_db of point 2 must be at most 0",
        ),
        ("a.json", '{"points": [[0, -30], [1, -20]], "loud": 1}', "loud is not known here"),
        (
            "a.json",
            '{"points": [[0, -30], [1, NaN]]}',
            "the loudness_db of point 2 must be a number",
        ),
        ("a.json", '{"points": [[0, -30, 0, 0, 0], [1, -2]]}', "is no drawing"),
        (
            "a.csv",
            "time_s,loudness_db\n0,-30\n1,20\n",
            "the loudness_db of point 2 must be at most 0",
        ),
        ("a.csv", "time_s,volume\n0,1\n1,2\n", "is no drawing"),
        ("a.csv", "time_s,loudness_db\n0,-30\n1,loud\n", "is no drawing"),
        ("a.csv", "time_s,loudness_db\n0,-30\n1\n", "is no drawing"),
        ("a.csv", "time_s,loudness_db\n0,-30\n1,-20,3\n", "is no drawing"),
    ],
)
def test_what_is_no_drawing_is_refused_in_one_sentence(
    tmp_path: Path, name: str, text: str, message: str
):
    with pytest.raises(TargetError, match=message) as refusal:
        read_drawing(written(tmp_path, name, text))
    assert "\n" not in str(refusal.value)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200), name=st.sampled_from(["a.json", "a.csv"]))
def test_any_text_is_a_drawing_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(TargetError):
        read_drawing(path)


def test_a_missing_or_huge_file_is_refused(tmp_path: Path):
    with pytest.raises(TargetError, match="No such file"):
        read_drawing(tmp_path / "none.json")
    with pytest.raises(TargetError, match="at most 1 MB"):
        read_drawing(written(tmp_path, "a.json", " " * (2**20 + 1)))

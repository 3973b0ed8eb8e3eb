"""A study goes on where it was left, and its report says what was reached and what was not."""

import json
from pathlib import Path

import pytest

from calibration.simulation.population import hidden_cases, tuning_cases
from calibration.study import cabinet
from calibration.study.cabinet import keep, kept, made_of, place_of
from calibration.study.evaluation import Score
from calibration.study.piece import BASELINES, FACTORY, FLOOR, LISTENER, OURS, TIMES_S
from calibration.study.plan import MOST_HANDS, Plan, StudyError
from calibration.study.plot import save_plot
from calibration.study.report import Mean, Report
from calibration.study.rows import crossing_s, sixteen_rows
from presets.spaces import factory_space

OURS_WAY = "ramps and takes"


def scored(nrmse: float, roughness: float = 1.0, span: float = 1.0) -> dict[str, object]:
    return Score(nrmse, 2.0, 10.0, roughness, (span,) * 6, {"free": nrmse})._asdict()


def of_ours(at_24: float, at_96: float, roughness: float = 1.0) -> dict[str, object]:
    errors = {0.0: 0.9, 12.0: 0.7, 24.0: at_24, 48.0: (at_24 + at_96) / 2, 96.0: at_96}
    return {
        "curves": {OURS_WAY: {str(t): scored(e, roughness) for t, e in errors.items()}},
        "ramps only": scored(0.5),
        "after ramps": {"24.0": scored(0.39), "48.0": scored(0.34), "96.0": scored(at_96)},
        "narrow": scored(0.44),
        "later": scored(0.5),
        "audio": 0.3,
        "swings": {
            "rate_errors_hz": [0.1],
            "extent_errors": [0.1],
            "onset_errors_s": [0.05],
            "false_vibratos": [False] * 20,
        },
        "lag_errors_s": [0.01, 0.015],
        "fit_s": 0.4,
        "kernel_us": 3.0,
        "bit_equal": True,
    }


def of_anchor(error: float) -> dict[str, object]:
    ways = {"takes": error, "snapshots": 1.5 * error}
    curves = {way: {str(t): scored(e) for t in TIMES_S} for way, e in ways.items()}
    return {"curves": curves, "audio": 0.5, "narrow": scored(0.8)}


def report(**ours: float) -> Report:
    """Three hands, two anchors, a floor of 0.25."""
    hand = {
        OURS: of_ours(**({"at_24": 0.4, "at_96": 0.3} | ours)),
        LISTENER: {"regained": [0.0, 0.85]},
        FLOOR: {"score": scored(0.25), "later": scored(0.3)},
        FACTORY: {"score": scored(0.9), "audio": 0.7},
        "good anchor": of_anchor(0.55),
        "bad anchor": of_anchor(0.9),
    }
    return Report(results=[hand] * 3, names=("a", "b", "c"), times_s=TIMES_S)


def claim(of: Report, beginning: str) -> bool:
    (found,) = [one.reached for one in of.claims() if one.name.startswith(beginning)]
    return found


def test_what_is_reached_is_said_to_be():
    assert all(one.reached for one in report().claims())


@pytest.mark.parametrize(
    ("ours", "beginning"),
    [
        ({"at_96": 0.32}, "error at 96 s over the floor"),
        ({"at_24": 0.45}, "error at 24 s over the best anchor's (good anchor)"),
        ({"roughness": 1.4}, "roughness"),
    ],
)
def test_what_is_not_reached_is_said_not_to_be(ours: dict[str, float], beginning: str):
    assert not claim(report(**ours), beginning)


def test_a_hand_much_worse_than_the_mean_is_named():
    whole = report()
    bad = dict(whole.results[0]) | {OURS: of_ours(0.8, 0.6)}
    worse = Report(results=[*whole.results[:2], bad], names=("a", "b", "c"), times_s=TIMES_S)
    (found,) = [one for one in worse.claims() if one.name.startswith("worst hand")]
    assert not found.reached
    assert found.found.endswith("(c)")


def test_an_anchor_counts_in_its_better_way():
    assert report().errors("good anchor", 24.0) == [0.55] * 3


def test_before_anything_is_recorded_others_are_the_factory_preset():
    assert report().curve("good anchor")[0.0].value == pytest.approx(0.9)


def test_a_mean_tells_its_standard_error():
    assert Mean.of([1.0, 2.0, 3.0]) == pytest.approx((2.0, 1.0 / 3.0**0.5))


def test_all_sixteen_rows_are_reported_in_order():
    rows = sixteen_rows(report())
    assert [row.number for row in rows] == list(range(1, 17))
    assert [row.number for row in rows if not row.reached] == [2]


def test_what_was_not_measured_is_neither_reached_nor_not():
    whole = report()
    hands = [{k: v for k, v in hand.items() if k != LISTENER} for hand in whole.results]
    rows = sixteen_rows(Report(results=hands, names=whole.names, times_s=TIMES_S))
    assert [row.number for row in rows if row.reached is None] == [14]


def test_a_curve_that_never_falls_so_far_never_crosses():
    assert crossing_s([0.0, 10.0], [1.0, 0.5], 0.4) > 1e6


def test_a_report_is_json():
    assert json.loads(json.dumps(report().described()))["hands"] == ["a", "b", "c"]


def test_the_plot_shows_every_learner_and_the_floor(tmp_path: Path):
    picture = tmp_path / "curves.svg"
    save_plot(report(), picture)
    assert picture.stat().st_size > 10_000


def test_a_plot_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path):
    with pytest.raises(StudyError, match="choose another place"):
        save_plot(report(), tmp_path / "missing" / "curves.png")


@pytest.mark.parametrize("n_hands", [0, 1, MOST_HANDS + 1])
def test_a_plan_of_too_few_or_too_many_hands_is_refused(n_hands: int):
    with pytest.raises(StudyError, match="choose 2 to"):
        Plan(n_hands).checked()


def test_a_plan_measures_every_learner_on_every_hand():
    assert len(set(Plan(20).pieces())) == 20 * (2 + len(BASELINES))


def test_a_piece_is_found_again_only_under_all_that_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cabinet, "FOLDER", tmp_path)
    space = factory_space()
    case, other = hidden_cases(space, 2)
    places = {
        place_of(FLOOR, case, TIMES_S, "sources"),
        place_of(FLOOR, other, TIMES_S, "sources"),
        place_of(OURS, case, TIMES_S, "sources"),
        place_of(FLOOR, case, (24.0,), "sources"),
        place_of(FLOOR, case, TIMES_S, "other sources"),
        place_of(FLOOR, tuning_cases(space, 1)[0], TIMES_S, "sources"),
    }
    assert len(places) == 6


def test_a_piece_that_was_broken_off_is_measured_again(tmp_path: Path):
    place = tmp_path / "piece.json"
    place.write_text('{"half')
    assert kept(place) is None
    keep(place, {"audio": 0.5})
    assert kept(place) == {"audio": 0.5}


def test_a_baseline_does_not_depend_on_how_ours_is_made():
    assert len({made_of(learner) for learner in (OURS, FACTORY, FLOOR)}) == 3
    assert made_of(FLOOR) == made_of("kNN-1")

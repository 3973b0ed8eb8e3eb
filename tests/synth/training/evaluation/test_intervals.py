"""Intervals of averages and of explained variance, drawn over instruments."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from synth.training.evaluation.intervals import explained_figure, mean_figure


def instruments(n_groups: int, n_each: int) -> list[str]:
    return [f"i{group}" for group in range(n_groups) for _ in range(n_each)]


def test_a_mean_comes_with_the_number_of_its_notes():
    figure = mean_figure([1.0, 2.0, 6.0], ["a", "b", "c"])
    assert (figure.value, figure.n) == (3.0, 3)


def test_what_is_not_a_number_is_left_out():
    assert mean_figure([1.0, np.nan, 3.0], ["a", "b", "c"])[::3] == (2.0, 2)


def test_of_nothing_there_is_no_figure():
    assert mean_figure([np.nan], ["a"]) is None


def test_the_interval_is_that_of_a_plain_bootstrap_when_every_instrument_has_one_note():
    values = np.random.default_rng(3).gamma(2.0, size=200)
    ours = mean_figure(values, instruments(200, 1))
    theirs = bootstrap((values,), np.mean, method="percentile", rng=np.random.default_rng(1))
    assert ours[1:3] == pytest.approx(theirs.confidence_interval, abs=0.02)


def test_notes_that_repeat_their_instrument_do_not_narrow_the_interval():
    values = np.random.default_rng(0).normal(size=30)
    single = mean_figure(values, instruments(30, 1))
    repeated = mean_figure(np.repeat(values, 10), instruments(30, 10))
    assert repeated.high - repeated.low == pytest.approx(single.high - single.low, rel=0.05)


def test_nineteen_of_twenty_intervals_hold_the_truth():
    random = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        level = random.normal(size=40)
        values = (level[:, None] + random.normal(size=(40, 3))).ravel()
        figure = mean_figure(values, instruments(40, 3))
        held += figure.low <= 0.0 <= figure.high
    assert 0.90 <= held / 300 <= 0.98


def test_few_instruments_are_not_drawn_but_their_notes():
    figure = mean_figure(np.arange(20.0), ["only"] * 20)
    assert figure.high - figure.low > 2.0


def test_a_perfect_guess_explains_everything_and_the_mean_nothing():
    true = np.random.default_rng(0).normal(size=100)
    groups = instruments(20, 5)
    assert explained_figure(true, true, groups)[:3] == (1.0, 1.0, 1.0)
    assert explained_figure(true, np.full(100, true.mean()), groups).value == pytest.approx(0.0)


def test_half_the_variance_as_error_explains_half():
    random = np.random.default_rng(0)
    true = random.normal(size=20_000)
    guessed = true + np.sqrt(0.5) * random.normal(size=20_000)
    figure = explained_figure(true, guessed, instruments(2000, 10))
    assert figure.low < 0.5 < figure.high
    assert figure.high - figure.low < 0.05

"""A storm of random playing leaves nothing behind."""

import sys

import pytest

from embouchure.endurance import TAIL_S, endure, memory_mb
from embouchure.instrument import open_engine
from presets.store import names


def test_memory_is_unknown_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    assert memory_mb() is None


@pytest.mark.slow
@pytest.mark.parametrize("preset", names())
def test_a_storm_leaves_no_touch_no_sound_and_no_broken_sample(preset: str):
    story = list(endure(open_engine(preset, 48_000.0), seconds=8.0, seed=20))
    last = story[-1]
    assert last.seconds == 8.0 + TAIL_S
    assert last.n_held == 0
    assert last.peak == 0.0
    assert last.n_not_finite == 0
    assert max(now.peak for now in story) < 1.0
    assert story[3].peak > 0.05

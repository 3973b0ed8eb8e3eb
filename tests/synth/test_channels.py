"""The output's channels: any pair of a device's, all others silent."""

import numpy as np
import pytest
import sounddevice

from synth.devices import OutputStream
from tests.synth.device import Device, output
from tests.synth.toy import make_engine, strike

PAIRS = [(1, 2), (3, 4), (2, 1), (1, 6), (7, 3)]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many channels each stream was opened with, no real device being there."""
    counts: list[int] = []
    monkeypatch.setattr(
        sounddevice, "_StreamBase", lambda *_, channels, **__: counts.append(channels)
    )
    return counts


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_of_channels_sounds_as_rendered_and_the_others_are_silent(
    pair: tuple[int, int], opened: list[int]
):
    engine, reference = make_engine(), make_engine()
    OutputStream(engine, output(), pair)
    for each in (engine, reference):
        each.push(strike(note=40.0))
    heard = np.vstack([Device(engine, 64, opened[0]).ask() for _ in range(20)])
    others = [c for c in range(opened[0]) if c + 1 not in pair]
    assert np.array_equal(heard[:, [pair[0] - 1, pair[1] - 1]], reference.render(1280))
    assert not heard[:, others].any()


@pytest.mark.parametrize(("pair", "n_channels"), [((1, 2), 2), ((3, 4), 4), ((7, 3), 7)])
def test_no_more_channels_are_opened_than_the_pair_needs(
    pair: tuple[int, int], n_channels: int, opened: list[int]
):
    OutputStream(make_engine(), output(), pair)
    assert opened == [n_channels]

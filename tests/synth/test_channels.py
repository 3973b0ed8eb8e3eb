"""The output's channels: any pair of a device's, all others silent."""

import numpy as np
import pytest
import sounddevice

from synth.devices import OutputStream
from synth.outputs import DeviceError, Output, with_channels
from tests.synth.device import Device
from tests.synth.toy import make_engine, strike

PAIRS = [(1, 2), (3, 4), (2, 1), (1, 6), (7, 3)]


def output(n_channels: int = 8, name: str = "box") -> Output:
    return Output(
        index=0, name=name, host_api="ALSA", n_channels=n_channels, rate_hz=48e3, is_default=True
    )


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


def test_outputs_without_the_pair_are_left_out():
    small, large = output(2, "small"), output(8, "large")
    assert with_channels([small, large], (5, 6)) == [large]


def test_a_pair_that_no_output_has_is_refused_with_what_there_is():
    with pytest.raises(DeviceError) as refused:
        with_channels([output(2, "small"), output(4, "large")], (5, 6))
    assert str(refused.value) == (
        "no sound output that fits has channels 5 and 6; "
        "choose two of the 4 of large, or another output"
    )


@pytest.mark.parametrize("pair", [(0, 1), (3, 3), (-1, 2)])
def test_two_channels_that_are_no_pair_are_refused(pair: tuple[int, int]):
    with pytest.raises(DeviceError, match="are no pair; choose two, counted from 1"):
        with_channels([output()], pair)

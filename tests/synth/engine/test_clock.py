"""The engine's clock against a device whose truth is known."""

from collections.abc import Callable

import numpy as np
import pytest

from synth.engine import clock as clocks
from synth.engine.layout import BLOCK_FRAMES, CLOCK

RATE_HZ = 48_000.0
JITTER_S = 100e-6
SETTLED = 64
"""Buffers after which the clock must be right."""


def new_clock() -> np.ndarray:
    clock = np.zeros(1, CLOCK)
    clock["lead_frames"], clock["ns_per_frame"] = BLOCK_FRAMES, 1e9 / RATE_HZ
    return clock


class Device:
    """A device that asks for buffers on time or late, at times that are known in truth.

    `late_s` gives each buffer's lateness and `lost_s` the time that the device has stood still
    before it; `n_parts` requests share a buffer, one straight after the other.
    """

    def __init__(self, n_frames: int = 128, n_parts: int = 1, drift: float = 0.0) -> None:
        self.clock = new_clock()
        self.n_frames, self.n_parts = n_frames, n_parts
        self.rate_hz = RATE_HZ * (1.0 + drift)
        self.origin_s, self.buffer = 1000.0, 0

    def due_s(self, buffer: float) -> float:
        """When a buffer, or a place in it, is due."""
        return self.origin_s + buffer * self.n_frames / self.rate_hz

    def ask(self, late_s: float = 0.0) -> float:
        """Ask for the next buffer; return the moment."""
        now_s = self.due_s(self.buffer) + late_s
        for part in range(self.n_parts):
            frame = self.buffer * self.n_frames + part * self.n_frames // self.n_parts
            clocks.update(self.clock, int((now_s + part * 20e-6) * 1e9), now_s, frame)
        self.buffer += 1
        return now_s

    def error_frames(self, time_s: float) -> float:
        """How far from the truth an event of that moment is placed, late positive."""
        true_frame = (time_s - self.origin_s) * self.rate_hz + self.clock[0]["lead_frames"]
        return clocks.frame_at(self.clock, int(time_s * 1e9)) - true_frame

    def errors(self, n_buffers: int, late_s: Callable[[], float] = float) -> np.ndarray:
        """Errors of events halfway between requests."""
        return np.array(
            [
                self.error_frames(self.ask(late_s()) + 0.4 * self.n_frames / RATE_HZ)
                for _ in range(n_buffers)
            ]
        )


def jitter(seed: int = 1) -> Callable[[], float]:
    rng = np.random.default_rng(seed)
    return lambda: float(rng.exponential(JITTER_S))


def test_before_the_device_has_asked_events_sound_at_once():
    assert clocks.frame_at(new_clock(), 10**12) == 0


def test_a_punctual_device_places_events_to_the_frame():
    assert abs(Device().errors(200)[8:]).max() <= 1.0


@pytest.mark.parametrize("seed", range(5))
def test_late_wake_ups_move_events_by_less_than_a_tenth_of_a_millisecond(seed: int):
    assert abs(Device().errors(2000, jitter(seed))[SETTLED:]).max() < 4.8


def test_latency_does_not_depend_on_where_in_a_buffer_an_event_arrives():
    device = Device()
    device.errors(SETTLED, jitter())
    began_s = device.ask()
    errors = [device.error_frames(began_s + x * 128 / RATE_HZ) for x in np.linspace(0, 1, 20)]
    assert np.ptp(errors) <= 1.0


@pytest.mark.parametrize("n_parts", [2, 4])
def test_a_host_buffer_cut_into_requests_counts_as_one(n_parts: int):
    errors = Device(n_frames=256, n_parts=n_parts).errors(500, jitter())
    assert abs(errors[SETTLED:]).max() < 4.8


@pytest.mark.parametrize("n_parts", [1, 2, 4])
def test_the_lead_is_the_hosts_buffer(n_parts: int):
    device = Device(n_frames=256, n_parts=n_parts)
    device.errors(8)
    assert device.clock[0]["lead_frames"] == 256


@pytest.mark.parametrize("lost_s", [0.005, 0.150])
def test_a_lost_stretch_is_made_good_within_two_windows(lost_s: float):
    device = Device()
    device.errors(100, jitter())
    device.origin_s += lost_s
    errors = device.errors(200, jitter(2))
    assert abs(errors[2 * clocks.WINDOW_BUFFERS :]).max() < 4.8


def test_a_suspended_machine_starts_the_clock_anew():
    device = Device()
    device.errors(100)
    device.origin_s += 3600.0
    assert abs(device.errors(1)[0]) <= 1.0


@pytest.mark.parametrize("drift", [-200e-6, 200e-6])
def test_drift_is_followed(drift: float):
    errors = Device(drift=drift).errors(5000, jitter())
    assert abs(errors[SETTLED:]).max() < 4.8


def lead_after(*buffers: int) -> int:
    """The lead after buffers of these sizes."""
    clock, frame = new_clock(), 0
    for i, n_frames in enumerate((*buffers, 0)):
        clocks.update(clock, int(frame / RATE_HZ * 1e9), float(i + 1), frame)
        frame += n_frames
    return int(clock[0]["lead_frames"])


def test_a_larger_buffer_counts_once_it_was_seen_three_times():
    assert [lead_after(64, *[256] * n) for n in (1, 2, 3)] == [64, 64, 256]


def test_odd_buffers_now_and_then_do_not_count():
    assert lead_after(*[128] * 9, 384, *[128] * 9, 256, *[128] * 9, 384) == 128


def test_a_smaller_buffer_counts_when_nothing_larger_came_for_long():
    assert [lead_after(*[256] * 5, *[64] * n) for n in (499, 500)] == [256, 64]


def test_a_gigantic_buffer_does_not_make_the_lead_gigantic():
    assert lead_after(*[2**20] * 9) == clocks.MAX_LEAD_FRAMES

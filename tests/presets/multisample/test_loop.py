"""Loops: going round is not heard, neither as a click nor in level nor in spectrum."""

import numpy as np
import pytest

from presets.multisample.loop import EARLIEST_S, FADE_S, SHORTEST_S, Loop, close_loop, find_loop
from presets.multisample.plan import RATE_HZ

F0_HZ = 311.7


def tone(f0_hz: float = F0_HZ, stretch: float = 0.0, seconds: float = 3.0) -> np.ndarray:
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    orders = np.arange(1, 12)[:, None]
    hz = f0_hz * orders * (1.0 + stretch * orders**2)
    return (0.1 / orders * np.sin(2 * np.pi * hz * time_s + orders)).sum(axis=0)


def noise(level: float, seed: int = 1, seconds: float = 3.0) -> np.ndarray:
    return level * np.random.default_rng(seed).normal(size=round(seconds * RATE_HZ))


def played(closed: np.ndarray, loop: Loop, rounds: int = 4) -> np.ndarray:
    """What a sampler plays."""
    return np.concatenate([closed[: loop.end], *[closed[loop.start : loop.end]] * rounds])


def roughness(sound: np.ndarray) -> float:
    return float(abs(np.diff(sound, 3)).max())


def test_a_tone_goes_round_by_whole_periods():
    loop = find_loop([tone()])
    periods = (loop.end - loop.start) * F0_HZ / RATE_HZ
    assert abs(periods - round(periods)) < 0.02
    assert loop.likeness > 0.99


def test_a_loop_keeps_clear_of_the_attack_and_of_being_too_short():
    loop = find_loop([tone()])
    assert loop.start >= EARLIEST_S * RATE_HZ
    assert loop.end - loop.start >= SHORTEST_S * RATE_HZ


@pytest.mark.parametrize("stretch", [0.0, 2e-5])
def test_the_seam_does_not_click(stretch: float):
    sound = tone(stretch=stretch)
    loop = find_loop([sound])
    assert roughness(played(close_loop(sound, loop), loop)) < 1.1 * roughness(sound)


def test_this_way_of_looking_finds_a_click():
    sound = tone()
    loop = Loop(60_000, 100_050, 0.0)
    assert roughness(played(sound, loop)) > 1.5 * roughness(sound)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0], ids=["tone", "both", "noise"])
def test_the_level_is_the_same_over_the_seam(share: float):
    sound = (1.0 - share) * tone() + noise(0.05 * share)
    loop = find_loop([sound])
    fade = round(FADE_S * RATE_HZ)
    heard = played(close_loop(sound, loop), loop)
    pieces = heard[loop.end - 2 * fade : loop.end + 2 * fade].reshape(-1, fade // 4)
    levels_db = 10.0 * np.log10((pieces**2).mean(axis=1))
    assert np.ptp(levels_db) < 0.6


def test_the_spectrum_is_the_same_over_the_seam():
    sound = tone() + noise(0.003)
    loop = find_loop([sound])
    heard = played(close_loop(sound, loop), loop)
    size = 8192

    def bands_db(at: int) -> np.ndarray:
        power = abs(np.fft.rfft(heard[at : at + size] * np.hanning(size))) ** 2
        edges = np.unique(np.geomspace(8, size // 4, 25).astype(int))
        return 10.0 * np.log10(np.add.reduceat(power, edges))

    over, before = bands_db(loop.end - size // 2), bands_db(loop.start + size)
    heard = before > before.max() - 35.0
    assert abs(over - before)[heard].max() < 1.0


def test_takes_of_one_key_share_one_loop_and_stay_in_step():
    bright, dull = tone(), 0.3 * tone() + 0.02 * np.sin(np.arange(3 * RATE_HZ) * 0.01)
    loop = find_loop([bright, dull])
    a, b = (played(close_loop(take, loop), loop, 20) for take in (bright, dull))
    early, late = (
        np.corrcoef(a[at], b[at])[0, 1] for at in (slice(RATE_HZ), slice(-RATE_HZ, None))
    )
    assert late > early - 0.02 > 0.8


def test_after_the_loops_end_its_start_is_repeated_for_interpolation():
    sound = tone()
    loop = find_loop([sound])
    closed = close_loop(sound, loop)
    assert len(closed) > loop.end
    assert np.array_equal(closed[loop.end :], closed[loop.start :][: len(closed) - loop.end])


@pytest.mark.parametrize("seconds", [2.0, 2.4, 2.6])
def test_a_short_take_goes_round_too(seconds: float):
    loop = find_loop([tone(seconds=seconds)])
    assert loop.start >= EARLIEST_S * RATE_HZ
    assert loop.end - loop.start >= 0.4 * RATE_HZ
    assert loop.likeness > 0.99

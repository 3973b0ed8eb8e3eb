"""A portrait: how one preset speaks, holds ten notes, swells, brightens and is levelled, as figures."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from embouchure.feel.measures import RATE_HZ, level_db, quietest_db
from embouchure.feel.rig import Rig
from mapper.traffic import Stroke
from presets.factory.loudness import (
    TARGET_LUFS,
    loudness_lufs,
    note_lufs,
    phrases,
    sound_of,
)
from presets.preset import Preset
from synth.controls import note_to_hz
from synth.space import Space

Array = NDArray[np.float64]

STRIKES: Final = (0.2, 0.4, 0.6, 0.8, 1.0)
APART_S: Final = 1.0
STRUCK_S: Final = 0.7
ATTACK_S: Final = 0.070
CHORD: Final = (36, 43, 48, 52, 55, 60, 64, 67, 72, 76)
CHORD_S: Final = 2.5
SWELL_S: Final = 8.0
SWELL_NOTE: Final = 57
KEYS: Final = (43, 55, 67, 79)
SLIDES: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
FIRST_S: Final = 0.1
"""When the first touch strikes."""
BOOM_RATIO: Final = 0.7
"""What lies below this ratio of the note's frequency is no part of its tone."""
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "level_off_db": (-1.5, 1.5),
    "keys_low_db": (-3.0, 0.0),
    "keys_high_db": (0.0, 3.0),
    "hardest_peak_db": (-60.0, -0.01),
    "not_numbers": (0.0, 0.0),
    "harder_is_louder": (0.9, 1.0),
    "harder_is_brighter": (0.5, 1.0),
    "speaks_ms": (0.0, 80.0),
    "attack_db": (-12.0, 12.0),
    "attack_octaves": (-1.5, 2.5),
    "slide_brightens": (0.9, 1.0),
    "slide_octaves": (0.15, 6.0),
    "boom_db": (-120.0, -12.0),
    "chord_peak_db": (-60.0, -0.1),
    "chord_over_one_db": (4.0, 16.0),
    "weakest_finger_db": (-1.5, 1.5),
    "held_gap_db": (-12.0, 0.0),
    "swell_follows": (0.9, 1.0),
    "swell_range_db": (10.0, 70.0),
    "swell_brightens": (0.3, 1.0),
    "swell_jump_db": (0.0, 3.0),
}
"""What each figure must lie between; struck and plucked presets neither swell nor are held.

- level_off, keys_low, keys_high: loudness of the reference performance against every preset's, and
  of the softest and the loudest key of 36 to 96 against the middle one
- hardest_peak: highest sample of the hardest playing; not_numbers: samples that are none
- speaks: until the hardest strike is within 6 dB of its peak
- attack, attack_octaves: level and brightness of the first 70 ms against the 200 ms after
- slide_brightens, slide_octaves: order and reach of the brightness along the slide, the worst key
- boom: power below the tone, the worst key; held_gap: softest 10 ms of a held note
"""
Figures = dict[str, float]


def pressed(press: float) -> Callable[[float], float]:
    """Press to one strength, within 30 ms of the strike."""
    return lambda age_s: press * min(1.0, age_s / 0.03)


def attacks(rig: Rig) -> Array:
    """Strike from soft to hard, pressing as hard as it was struck."""
    strokes = (
        Stroke(
            note=60,
            strike=strike,
            start_s=FIRST_S + i * APART_S,
            length_s=STRUCK_S,
            press=pressed(strike),
        )
        for i, strike in enumerate(STRIKES)
    )
    return rig.sound(list(strokes), tail_s=0.4)


def chord(rig: Rig, notes: Sequence[int] = CHORD) -> Array:
    """Hold notes together, struck within 20 ms as hands do."""
    strokes = [
        Stroke(
            note=note,
            strike=0.6,
            start_s=FIRST_S + 0.002 * CHORD.index(note),
            length_s=CHORD_S,
            press=pressed(0.6),
        )
        for note in notes
    ]
    return rig.sound(strokes, tail_s=1.0)


def swell(rig: Rig) -> Array:
    """Press slowly to the bottom and back."""

    def press(age_s: float) -> float:
        return 0.5 - 0.5 * float(np.cos(2 * np.pi * min(age_s, SWELL_S) / SWELL_S))

    stroke = Stroke(note=SWELL_NOTE, strike=0.2, start_s=FIRST_S, length_s=SWELL_S, press=press)
    return rig.sound([stroke], tail_s=0.5)


def slid(rig: Rig, note: int, slide: float) -> Array:
    """Hold one note with the slide at one place."""
    stroke = Stroke(
        note=note,
        strike=0.6,
        start_s=FIRST_S,
        length_s=0.5,
        press=pressed(0.6),
        slide=lambda _: slide,
    )
    return rig.sound([stroke], tail_s=0.1)[round(FIRST_S * RATE_HZ) :]


def centroid_hz(sound: Array) -> float:
    """Middle of the spectrum's power."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return float((power * np.fft.rfftfreq(len(sound), 1 / RATE_HZ)).sum() / (power.sum() + 1e-20))


def attack_figures(sound: Array) -> Figures:
    """Tell how strikes differ, and how the hardest begins."""
    parts = [sound[round((FIRST_S + i * APART_S) * RATE_HZ) :][: RATE_HZ // 2] for i in range(5)]
    loud = [_power_db(part) for part in parts]
    bright = [centroid_hz(part[: RATE_HZ // 5]) for part in parts]
    hardest = level_db(parts[-1], 0.004)
    early, later = np.split(parts[-1][: round(0.27 * RATE_HZ)], [round(ATTACK_S * RATE_HZ)])
    speaks = int(np.argmax(hardest > hardest[: RATE_HZ // 3].max() - 6.0))
    return {
        "harder_is_louder": float(spearmanr(STRIKES, loud).statistic),
        "harder_is_brighter": float(spearmanr(STRIKES, bright).statistic),
        "speaks_ms": 1000.0 * speaks / RATE_HZ,
        "attack_db": _power_db(early) - _power_db(later),
        "attack_octaves": float(np.log2(centroid_hz(early) / centroid_hz(later))),
    }


def slide_figures(rig: Rig) -> Figures:
    """Tell how the slide brightens on each of `KEYS`, and whether any of it booms."""
    rows, booms_db = [], []
    for note in KEYS:
        sounds = [slid(rig, note, slide) for slide in SLIDES]
        rows.append([centroid_hz(sound[: round(0.5 * RATE_HZ)]) for sound in sounds])
        booms_db += [boom_db(sound, note) for sound in sounds]
    bright = np.log2(np.array(rows))
    return {
        "slide_brightens": min(float(spearmanr(SLIDES, row).statistic) for row in bright),
        "slide_octaves": float((bright[:, -1] - bright[:, 0]).min()),
        "boom_db": max(booms_db),
    }


def boom_db(sound: Array, note: float) -> float:
    """Power below the note's own frequency relative to all power."""
    hz = np.fft.rfftfreq(len(sound), 1.0 / RATE_HZ)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    low = power[hz < BOOM_RATIO * float(note_to_hz(note))].sum()
    return float(10.0 * np.log10(low / power.sum() + 1e-12))


def chord_figures(rig: Rig, together: Array) -> Figures:
    """Compare ten notes together with each alone: none is lost, and nothing overflows."""
    held = slice(round(0.4 * RATE_HZ), round(2.4 * RATE_HZ))
    one_by_one = [chord(rig, [note])[held] for note in CHORD]
    powers = [np.square(part).mean() for part in one_by_one]
    ratios = [
        _level_at(together[held], n) - _level_at(np.sum(one_by_one, axis=0), n) for n in CHORD
    ]
    whole = np.square(together[held]).mean()
    return {
        "chord_peak_db": float(20 * np.log10(np.abs(together).max() / 2)),
        "chord_over_one_db": float(10 * np.log10(whole / np.mean(powers))),
        "weakest_finger_db": float(min(ratios)),
    }


def held_figures(rig: Rig) -> Figures:
    """Tell how far a held note ever falls, from soon after its strike to its lift."""
    sound = chord(rig, [CHORD[5]])
    loudest = level_db(sound, 0.010).max()
    gap_db = quietest_db(sound, FIRST_S + 0.08, FIRST_S + CHORD_S - 0.02) - loudest
    return {"held_gap_db": float(gap_db)}


def swell_figures(sound: Array) -> Figures:
    """Tell how level and brightness follow the press, and the largest jump of the level."""
    hop = RATE_HZ // 20
    starts = np.arange(round(0.4 * RATE_HZ), round(SWELL_S * RATE_HZ), hop)
    parts = [sound[at : at + hop] for at in starts]
    press = 0.5 - 0.5 * np.cos(2 * np.pi * (starts / RATE_HZ - 0.075) / SWELL_S)
    loud = np.array([_power_db(part) for part in parts])
    bright = np.array([centroid_hz(part) for part in parts])
    return {
        "swell_follows": float(spearmanr(press, loud).statistic),
        "swell_range_db": float(np.ptp(loud)),
        "swell_brightens": float(spearmanr(press, bright).statistic),
        "swell_jump_db": float(np.abs(np.diff(loud)).max()),
    }


def level_figures(preset: Preset, space: Space) -> Figures:
    """Tell how loud a preset is beside others, and each key beside the middle one, in its room."""
    keys = note_lufs(preset, space)
    keys -= np.median(keys)
    hard = [touch._replace(strike=1.0, press=1.0) for touch in phrases()]
    usual, hardest = sound_of(preset, space, phrases()), sound_of(preset, space, hard)
    return {
        "level_off_db": loudness_lufs(usual) - TARGET_LUFS,
        "keys_low_db": float(keys.min()),
        "keys_high_db": float(keys.max()),
        "hardest_peak_db": float(20 * np.log10(np.abs(hardest).max())),
        "not_numbers": float(sum((~np.isfinite(s)).sum() for s in (usual, hardest))),
    }


def beyond(figures: Figures) -> list[str]:
    """Name the figures that are out of bounds."""
    return [name for name, figure in figures.items() if not _holds(name, figure)]


def _holds(name: str, figure: float) -> bool:
    low, high = BOUNDS[name]
    return low <= figure <= high


def _power_db(part: Array) -> float:
    return float(10 * np.log10(np.square(part).mean() + 1e-12))


def _level_at(sound: Array, note: int) -> float:
    """Level around the fundamental of a note."""
    hz = 440.0 * 2.0 ** ((note - 69) / 12)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    away = np.abs(np.fft.rfftfreq(len(sound), 1 / RATE_HZ) - hz)
    return float(10 * np.log10(power[away < 0.02 * hz].sum() + 1e-12))

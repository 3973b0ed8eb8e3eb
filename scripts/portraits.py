"""Draw and check how each preset speaks, holds ten notes and swells: portraits.py OUT [PRESET ...].

Each preset is played dry through the whole instrument, as an Osmose sends it: five strikes from soft
to hard, a chord of ten fingers, and one slow swell of eight seconds. For each there is a picture, and
a line that says what was found; what is out of bounds is marked. Needs matplotlib.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy.stats import spearmanr

from embouchure.kernel_cache import use_kernel_cache

use_kernel_cache()

from embouchure.feel.measures import level_db
from embouchure.feel.rig import Rig
from embouchure.instrument import load_sound
from embouchure.space_file import space_for
from mapper.profile import OSMOSE
from mapper.traffic import Stroke
from presets.store import load, names

Array = NDArray[np.float64]

RATE_HZ: Final = 48_000
STRIKES: Final = (0.2, 0.4, 0.6, 0.8, 1.0)
APART_S: Final = 1.0
STRUCK_S: Final = 0.7
CHORD: Final = (36, 43, 48, 52, 55, 60, 64, 67, 72, 76)
CHORD_S: Final = 2.5
SWELL_S: Final = 8.0
SWELL_NOTE: Final = 57
LOWEST_HZ, HIGHEST_HZ, RANGE_DB = 40.0, 16_000.0, 80.0
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "harder_is_louder": (0.9, 1.0),
    "harder_is_brighter": (0.5, 1.0),
    "speaks_ms": (0.0, 80.0),
    "chord_peak_db": (-60.0, -0.1),
    "chord_over_one_db": (4.0, 16.0),
    "weakest_finger_db": (-1.5, 1.5),
    "swell_follows": (0.9, 1.0),
    "swell_range_db": (10.0, 70.0),
    "swell_brightens": (0.3, 1.0),
    "swell_jump_db": (0.0, 3.0),
}
"""What each figure must lie between; struck and plucked presets do not swell."""


def attacks(rig: Rig) -> Array:
    """Strike from soft to hard, pressing as hard as it was struck."""
    return rig.sound(
        [
            Stroke(
                note=60,
                strike=strike,
                start_s=0.1 + i * APART_S,
                length_s=STRUCK_S,
                press=_pressed(strike),
            )
            for i, strike in enumerate(STRIKES)
        ],
        tail_s=0.4,
    )


def _pressed(strike: float):  # noqa: ANN202
    return lambda age_s: strike * min(1.0, age_s / 0.03)


def chord(rig: Rig, notes: Sequence[int] = CHORD) -> Array:
    """Hold notes together, struck within 20 ms as hands do."""
    strokes = [
        Stroke(
            note=note,
            strike=0.6,
            start_s=0.1 + 0.002 * CHORD.index(note),
            length_s=CHORD_S,
            press=_pressed(0.6),
        )
        for note in notes
    ]
    return rig.sound(strokes, tail_s=1.0)


def swell(rig: Rig) -> Array:
    """Press slowly to the bottom and back."""

    def press(age_s: float) -> float:
        return 0.5 - 0.5 * float(np.cos(2 * np.pi * min(age_s, SWELL_S) / SWELL_S))

    stroke = Stroke(note=SWELL_NOTE, strike=0.2, start_s=0.1, length_s=SWELL_S, press=press)
    return rig.sound([stroke], tail_s=0.5)


def centroid_hz(sound: Array) -> float:
    """Middle of the spectrum's power."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return float((power * np.fft.rfftfreq(len(sound), 1 / RATE_HZ)).sum() / (power.sum() + 1e-20))


def attack_figures(sound: Array) -> dict[str, float]:
    """Tell how level and brightness go with the strike, and how long the hardest takes to speak."""
    parts = [
        sound[round((0.1 + i * APART_S) * RATE_HZ) :][: round(0.5 * RATE_HZ)] for i in range(5)
    ]
    loud = [10 * np.log10(np.square(part).mean() + 1e-12) for part in parts]
    bright = [centroid_hz(part[: RATE_HZ // 5]) for part in parts]
    hardest = level_db(parts[-1], 0.004)
    speaks = int(np.argmax(hardest > hardest[: RATE_HZ // 3].max() - 6.0))
    return {
        "harder_is_louder": float(spearmanr(STRIKES, loud).statistic),
        "harder_is_brighter": float(spearmanr(STRIKES, bright).statistic),
        "speaks_ms": 1000.0 * speaks / RATE_HZ,
    }


def chord_figures(rig: Rig, together: Array) -> dict[str, float]:
    """Compare ten notes together with each alone: none is lost, and nothing overflows."""
    held = slice(round(0.4 * RATE_HZ), round(2.4 * RATE_HZ))
    one_by_one = [chord(rig, [note])[held] for note in CHORD]
    powers = [np.square(part).mean() for part in one_by_one]
    ratios = [_level_at(together[held], n) - _level_at(sum(one_by_one), n) for n in CHORD]
    whole = np.square(together[held]).mean()
    return {
        "chord_peak_db": float(20 * np.log10(np.abs(together).max() / 2)),
        "chord_over_one_db": float(10 * np.log10(whole / np.mean(powers))),
        "weakest_finger_db": float(min(ratios)),
    }


def _level_at(sound: Array, note: int) -> float:
    """Level around the fundamental of a note."""
    hz = 440.0 * 2.0 ** ((note - 69) / 12)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    away = np.abs(np.fft.rfftfreq(len(sound), 1 / RATE_HZ) - hz)
    return float(10 * np.log10(power[away < 0.02 * hz].sum() + 1e-12))


def swell_figures(sound: Array) -> dict[str, float]:
    """Tell how level and brightness follow the press, and the largest jump of the level."""
    hop = RATE_HZ // 20
    starts = np.arange(round(0.4 * RATE_HZ), round(SWELL_S * RATE_HZ), hop)
    parts = [sound[at : at + hop] for at in starts]
    press = 0.5 - 0.5 * np.cos(2 * np.pi * (starts / RATE_HZ - 0.075) / SWELL_S)
    loud = np.array([10 * np.log10(np.square(part).mean() + 1e-12) for part in parts])
    bright = np.array([centroid_hz(part) for part in parts])
    return {
        "swell_follows": float(spearmanr(press, loud).statistic),
        "swell_range_db": float(np.ptp(loud)),
        "swell_brightens": float(spearmanr(press, bright).statistic),
        "swell_jump_db": float(np.abs(np.diff(loud)).max()),
    }


def draw(axes: Axes, sound: Array, title: str, size: int = 4096) -> None:
    """Draw a spectrogram on a logarithmic axis, of windows so long."""
    hop = 480
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(sound, size // 2), size)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
    at = np.geomspace(LOWEST_HZ, HIGHEST_HZ, 320)
    hz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    rows = 10 * np.log10([np.interp(at, hz, frame) + 1e-9 for frame in power]).T
    seconds = np.arange(rows.shape[1]) * hop / RATE_HZ
    axes.pcolormesh(seconds, at, rows, vmin=rows.max() - RANGE_DB, vmax=rows.max(), cmap="magma")
    axes.set(yscale="log", xlabel="seconds", ylabel="Hz", title=title)


def portray(preset: str, folder: Path) -> dict[str, float]:
    """Play, draw and measure one preset."""
    space, card = space_for(preset), load(preset).card
    rig = Rig(space, load_sound(preset, space).patch, OSMOSE, card.manner)
    struck, held, swelling = attacks(rig), chord(rig), swell(rig)
    figures = attack_figures(struck) | chord_figures(rig, held)
    if "sustained" in card.tags:
        figures |= swell_figures(swelling)
    picture, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.2), layout="constrained")
    draw(left, struck, "five strikes, soft to hard")
    draw(middle, held, "ten fingers", 4 * 4096)
    draw(right, swelling, "a slow swell")
    picture.suptitle(f"{preset}: {card.description}")
    picture.savefig(folder / f"{preset}.png", dpi=100)
    plt.close(picture)
    return figures


def main() -> None:
    """Print a line for each preset."""
    mpl.use("Agg")
    folder, *wanted = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    for preset in wanted or names():
        figures = portray(preset, Path(folder))
        beyond = [n for n, v in figures.items() if not BOUNDS[n][0] <= v <= BOUNDS[n][1]]
        shown = {name: round(value, 2) for name, value in figures.items()}
        print(json.dumps({"preset": preset, **shown, "beyond": beyond}), flush=True)


if __name__ == "__main__":
    main()

"""Draw and check how each preset speaks, slides, holds ten notes and swells: portraits.py OUT [PRESET ...].

Each preset is played dry through the whole instrument, as an Osmose sends it: five strikes from soft
to hard, a chord of ten fingers and one slow swell of eight seconds; as a LinnStrument sends it, its
slide on four keys; and in its room, for its level. For each there is a picture; a table tells what
was found, and an exclamation mark what is out of bounds. Needs matplotlib.
"""

import sys
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from embouchure.kernel_cache import use_kernel_cache

use_kernel_cache()

from embouchure.feel.measures import RATE_HZ
from embouchure.feel.portrait import (
    BOUNDS,
    Figures,
    attack_figures,
    attacks,
    beyond,
    chord,
    chord_figures,
    held_figures,
    level_figures,
    slid,
    slide_figures,
    swell,
    swell_figures,
)
from embouchure.feel.rig import Rig
from embouchure.instrument import load_sound
from embouchure.space_file import space_for
from mapper.profile import LINNSTRUMENT_MPE, OSMOSE
from presets.store import names

Array = NDArray[np.float64]

LOWEST_HZ, HIGHEST_HZ, RANGE_DB = 40.0, 16_000.0, 80.0
DRAWN_SLIDES: Final = (0.0, 0.33, 0.67, 1.0)
DRAWN_KEY: Final = 55
COLUMN: Final = 9


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


def portray(preset: str, folder: Path) -> Figures:
    """Play, draw and measure one preset."""
    space = space_for(preset)
    sound = load_sound(preset, space)
    card = sound.preset.card
    rig = Rig(space, sound.patch, OSMOSE, card.manner)
    struck, held, swelling = attacks(rig), chord(rig), swell(rig)
    hand = Rig(space, sound.patch, LINNSTRUMENT_MPE, card.manner)
    figures = level_figures(sound.preset, space) | attack_figures(struck) | slide_figures(hand)
    figures |= chord_figures(rig, held)
    if "sustained" in card.tags:
        figures |= held_figures(rig) | swell_figures(swelling)
    sliding = np.concatenate([slid(hand, DRAWN_KEY, slide) for slide in DRAWN_SLIDES])
    picture, places = plt.subplots(1, 4, figsize=(20, 4.2), layout="constrained")
    draw(places[0], struck, "five strikes, soft to hard")
    draw(places[1], sliding, "slide at four places")
    draw(places[2], held, "ten fingers", 4 * 4096)
    draw(places[3], swelling, "a slow swell")
    picture.suptitle(f"{preset}: {card.description}")
    picture.savefig(folder / f"{preset}.png", dpi=80)
    plt.close(picture)
    return figures


def table_of(rows: dict[str, Figures]) -> Table:
    """Lay figures out, one in a line, a column for each preset."""
    table = Table("figure", "bounds", *rows, box=None, pad_edge=False)
    for name, (low, high) in BOUNDS.items():
        table.add_row(name, f"{low:g} to {high:g}", *(_cell(row, name) for row in rows.values()))
    return table


def _cell(row: Figures, name: str) -> str:
    if name not in row:
        return "-"
    return f"{row[name]:.2f}{'!' if name in beyond(row) else ''}"


def main() -> None:
    """Portray the presets and print the table."""
    mpl.use("Agg")
    folder, *wanted = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    rows = {preset: portray(preset, Path(folder)) for preset in wanted or names()}
    Console(width=40 + COLUMN * len(rows)).print(table_of(rows), highlight=False)
    n_beyond = sum(len(beyond(row)) for row in rows.values())
    print(f"{n_beyond} of {sum(map(len, rows.values()))} figures are out of bounds.")


if __name__ == "__main__":
    main()

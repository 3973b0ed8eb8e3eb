"""Draw the README's picture of the bundled performance: picture.py PERFORMANCE.wav OUT.png.

Needs matplotlib and Pillow, which nothing else here does.
"""

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import soundfile
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray
from PIL import Image
from scipy.signal import stft

PARTS = (
    (0.0, 9.8, "five fingers glide\nfrom chord to chord"),
    (9.9, 19.7, "melody: scoops, vibrato, a fall"),
    (19.8, 22.9, "quick lifts"),
    (23.0, 29.5, "one chord swells and fades"),
)
LEVEL_HOP_FRAMES = 480


def draw_spectrogram(axes: Axes, sound: NDArray[np.float64], rate_hz: int) -> None:
    """Draw level over time and log frequency, and name the parts of the performance."""
    frequencies_hz, times_s, spectrum = stft(sound, rate_hz, nperseg=4096, noverlap=3584)
    audible = (frequencies_hz > 60) & (frequencies_hz < 12_000)
    level_db = 20 * np.log10(np.abs(spectrum[audible]) + 1e-7)
    axes.pcolormesh(times_s, frequencies_hz[audible], level_db, vmin=-95, vmax=-25, cmap="magma")
    axes.set(yscale="log", ylim=(60, 12_000), ylabel="Hz")
    axes.set_yticks([100, 200, 500, 1000, 2000, 5000, 10_000])
    axes.set_yticklabels(["100", "200", "500", "1k", "2k", "5k", "10k"])
    for start_s, end_s, name in PARTS:
        axes.axvline(start_s, color="white", linewidth=0.4, alpha=0.5)
        axes.text((start_s + end_s) / 2, 8800, name, color="white", ha="center", va="center")


def draw_level(axes: Axes, sound: NDArray[np.float64], rate_hz: int) -> None:
    """Draw the level of each hundredth of a second in dB."""
    n_hops = len(sound) // LEVEL_HOP_FRAMES
    hops = sound[: n_hops * LEVEL_HOP_FRAMES].reshape(n_hops, LEVEL_HOP_FRAMES)
    level_db = 10 * np.log10((hops**2).mean(axis=1) + 1e-12)
    axes.plot(np.arange(n_hops) * LEVEL_HOP_FRAMES / rate_hz, level_db, linewidth=0.8)
    axes.set(ylim=(-70, 0), ylabel="dB", xlabel="seconds", xlim=(0, 31.5))


def main() -> None:
    """Draw the picture and reduce it to 64 colours."""
    mpl.use("Agg")
    source, out = map(Path, sys.argv[1:])
    stereo, rate_hz = soundfile.read(source)
    sound = stereo.mean(axis=1)
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(11, 4.6), dpi=110, height_ratios=(5, 1), sharex=True, layout="constrained"
    )
    draw_spectrogram(above, sound, rate_hz)
    draw_level(below, sound, rate_hz)
    figure.savefig(out)
    Image.open(out).convert("RGB").quantize(64).save(out, optimize=True)


if __name__ == "__main__":
    main()

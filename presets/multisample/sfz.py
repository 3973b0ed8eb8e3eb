"""SFZ: the text that tells a sampler which sample sounds when (format of sfzformat.com, version 2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from presets.multisample.plan import MOST, SamplePlan
from synth.patch import VoiceSettings

FOLDER: Final = "samples"
SLIDE: Final = 74
PRESSURES: Final = (129, 130)
"""Numbers by which SFZ calls channel and polyphonic aftertouch among its controllers."""
REST: Final = 64
RELEASE_RATIO: Final = 78.0 / 60.0
"""Samplers count a release to e^-9, which is 78 dB, and we count to 60."""
USUAL_LIFT: Final = 0.5
CENTRE_NOTE: Final = 60.0
SPREAD_NOTES: Final = 36.0
"""Where the engine places a note in the stereo picture."""


@dataclass(frozen=True, kw_only=True)
class SfzSound:
    """What the text says beside the plan: loops by key, frames, and swells by velocity, dB."""

    title: Sequence[str]
    voice: VoiceSettings
    loops: Mapping[int, tuple[int, int] | None]
    swells_db: Mapping[int, float]
    bend_semitones: int = 2


def sample_name(key: int, velocity: int, slide: int, suffix: str) -> str:
    """Name a sample's file.

    >>> sample_name(60, 127, 64, "wav")
    'k060-v127-s064.wav'
    """
    return f"k{key:03d}-v{velocity:03d}-s{slide:03d}.{suffix}"


def sfz_text(plan: SamplePlan, sound: SfzSound) -> str:
    """Write the whole instrument: one group for each key, one region for each sample."""
    lines = [f"// {line}" for line in sound.title]
    lines += ["<control>", f"set_cc{SLIDE}={REST}", "<global>"]
    lines += ["amp_veltrack=0", "xf_velcurve=gain", "xf_cccurve=gain"]
    lines += [f"bend_up={100 * sound.bend_semitones}", f"bend_down={-100 * sound.bend_semitones}"]
    lines += [f"ampeg_release={RELEASE_RATIO * usual_release_s(sound.voice):.4f}"]
    for place, key in enumerate(plan.keys):
        lines += _key(plan, sound, place, key)
    return "\n".join(lines) + "\n"


def usual_release_s(voice: VoiceSettings) -> float:
    """Time in which a release of middling lift falls by 60 dB."""
    ratio = voice.release_fast_s / voice.release_slow_s
    return float(voice.release_slow_s * ratio**USUAL_LIFT)


def pan(key: int, width: float) -> float:
    """Place a key as the engine does, -100 to 100 as samplers have it.

    >>> pan(60, 1.0)
    0.0
    """
    return float(100.0 * width * np.clip((key - CENTRE_NOTE) / SPREAD_NOTES, -1.0, 1.0))


def _key(plan: SamplePlan, sound: SfzSound, place: int, key: int) -> Iterator[str]:
    low, high = key_range(plan.keys, place)
    yield f"<group> lokey={low} hikey={high} pitch_keycenter={key} pan={pan(key, sound.voice.width):.1f}"
    loop = sound.loops[key]
    if loop:
        yield f"loop_mode=loop_continuous loop_start={loop[0]} loop_end={loop[1] - 1}"
    else:
        yield "loop_mode=no_loop"
    for i, velocity in enumerate(plan.velocities):
        for j, slide in enumerate(plan.slides):
            name = sample_name(key, velocity, slide, plan.suffix)
            swell = " ".join(
                f"volume_oncc{number}={sound.swells_db[velocity]:.1f}" for number in PRESSURES
            )
            fades = [*_velocity_fades(plan.velocities, i), *_slide_fades(plan.slides, j)]
            yield " ".join(["<region>", f"sample={FOLDER}/{name}", *fades, swell])


def key_range(keys: Sequence[int], place: int) -> tuple[int, int]:
    """Tell the lowest and the highest key that a sample speaks for; the outer ones to the ends.

    >>> key_range((60, 63, 66), 1)
    (62, 64)
    >>> key_range((60, 63, 66), 2)
    (65, 127)
    """
    low = 0 if place == 0 else (keys[place - 1] + keys[place]) // 2 + 1
    high = MOST if place == len(keys) - 1 else (keys[place] + keys[place + 1]) // 2
    return low, high


def _velocity_fades(velocities: Sequence[int], i: int) -> Iterator[str]:
    """Fade a layer in from the one below and out to the one above; beyond the outer ones it stays."""
    if i > 0:
        yield f"lovel={velocities[i - 1] + 1}"
        yield f"xfin_lovel={velocities[i - 1]} xfin_hivel={velocities[i]}"
    if i < len(velocities) - 1:
        yield f"hivel={velocities[i + 1] - 1}"
        yield f"xfout_lovel={velocities[i]} xfout_hivel={velocities[i + 1]}"


def _slide_fades(slides: Sequence[int], j: int) -> Iterator[str]:
    if j > 0:
        yield f"xfin_locc{SLIDE}={slides[j - 1]} xfin_hicc{SLIDE}={slides[j]}"
    if j < len(slides) - 1:
        yield f"xfout_locc{SLIDE}={slides[j]} xfout_hicc{SLIDE}={slides[j + 1]}"

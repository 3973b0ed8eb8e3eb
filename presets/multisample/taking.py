"""Taking samples: one key of a preset, dry and in the middle, at every strike and slide."""

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mapper.kernel import map_frame_address
from mapper.ratios import slide_to_ratio, velocity_to_ratio
from presets.multisample.loop import Loop, close_loop, find_loop
from presets.multisample.plan import RATE_HZ, SamplePlan
from presets.preset import Preset
from synth.engine.engine import Engine, Event
from synth.engine.layout import STRIKE
from synth.offline import render
from synth.patch import Patch, RoomSettings
from synth.space import Space

Array = NDArray[np.float64]
Layer = tuple[int, int]
"""A velocity and a slide, MIDI's numbers."""

LEVEL_S: Final = 0.25
SETTLED_S: Final = 1.25
SUSTAINED_DB: Final = -4.0
"""A sound that falls by less than this from `SETTLED_S` to the end of its hold is sustained."""
GONE_DB: Final = -66.0
FADE_OUT_S: Final = 0.02
PRESSED_S: Final = 1.5
SWELLS_DB: Final = (0.0, 24.0)


class Take(NamedTuple):
    """The samples of one key by layer, mono, and the loop that they share, if they are sustained."""

    sounds: dict[Layer, Array]
    loop: Loop | None


def dry_patch(preset: Preset) -> Patch:
    """Make the patch of a preset without its room and its place in the stereo picture."""
    patch = preset.patch(map_frame_address())
    voice = patch.voice.model_copy(update={"width": 0.0})
    return replace(patch, voice=voice, room=RoomSettings(mix=0.0))


def note_of(
    space: Space, patch: Patch, key: int, layer: Layer, length_s: float, press: float = 0.0
) -> Array:
    """Hold one key, as a keyboard without pressure does unless told; mono, shape (n_frames,)."""
    engine = Engine(space, rate_hz=RATE_HZ)
    engine.select(engine.install(patch))
    velocity, slide = layer
    event = Event(
        0,
        1,
        STRIKE,
        note=key,
        strike=velocity_to_ratio(velocity),
        press=press,
        slide=slide_to_ratio(slide),
    )
    sound = render(engine, [event], round(length_s * RATE_HZ)).astype(np.float64)
    one_side = sound[: round(length_s * RATE_HZ), 0]  # both would lose noise, which differs
    return np.asarray(np.sqrt(2.0) * one_side)


def take_key(space: Space, preset: Preset, key: int, plan: SamplePlan) -> Take:
    """Sample one key: looped when it is sustained, else followed until it is gone."""
    patch = dry_patch(preset)
    layers = [(velocity, slide) for velocity in plan.velocities for slide in plan.slides]
    held = {layer: note_of(space, patch, key, layer, plan.held_s) for layer in layers}
    if is_sustained(list(held.values())):
        loop = find_loop(list(held.values()))
        return Take({layer: close_loop(sound, loop) for layer, sound in held.items()}, loop)
    followed = (note_of(space, patch, key, layer, plan.longest_s) for layer in layers)
    return Take(dict(zip(layers, map(until_gone, followed), strict=True)), None)


def swell_db(space: Space, preset: Preset, key: int, layer: Layer) -> float:
    """Measure how much louder a held key is under full pressure than without any."""
    patch = dry_patch(preset)
    plain, pressed = (
        _level_db(note_of(space, patch, key, layer, PRESSED_S, press)[-round(LEVEL_S * RATE_HZ) :])
        for press in (0.0, 1.0)
    )
    return float(np.clip(pressed - plain, *SWELLS_DB))


def is_sustained(sounds: list[Array]) -> bool:
    """Whether sounds stay about as loud as they are once they have settled."""
    window, settled = round(LEVEL_S * RATE_HZ), round(SETTLED_S * RATE_HZ)
    falls = [
        _level_db(sound[-window:]) - _level_db(sound[settled : settled + window])
        for sound in sounds
    ]
    return float(np.median(falls)) > SUSTAINED_DB


def until_gone(sound: Array) -> Array:
    """Cut a decaying sound where it is no longer heard, or fade it where it must end."""
    window = round(0.01 * RATE_HZ)
    levels = np.array([_level_db(piece) for piece in np.array_split(sound, len(sound) // window)])
    heard = np.flatnonzero(levels > levels.max() + GONE_DB)
    fade = round(FADE_OUT_S * RATE_HZ)
    end = min(len(sound), (int(heard[-1]) + 1) * window + fade)
    kept = sound[:end].copy()
    kept[-fade:] *= np.linspace(1.0, 0.0, fade)
    return kept


def _level_db(sound: Array) -> float:
    return float(10.0 * np.log10(np.mean(sound**2) + 1e-20))

"""The instrument: a preset's learned mapping, the space it needs and an engine, wired together."""

from embouchure.space_file import load_space
from mapper.kernel import map_frame_address
from presets.store import load
from synth.engine.engine import Engine
from synth.patch import Patch


def patch_of(preset: str) -> Patch:
    """Load a preset by name or path and make it ready to sound.

    Raises
    ------
    PresetError
        When there is no such preset, or it is damaged.
    """
    return load(preset).patch(map_frame_address())


def open_engine(preset: str, rate_hz: float) -> Engine:
    """Make an engine that sounds one preset."""
    engine = Engine(load_space(), rate_hz=rate_hz)
    engine.select(engine.install(patch_of(preset)))
    return engine

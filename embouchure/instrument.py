"""The instrument: a preset's learned mapping, the space it needs and an engine, wired together."""

from embouchure.play_settings import DEFAULT_PRESET, DEFAULT_RATE_HZ
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
    """Make an engine that sounds one preset, every kernel that events need being loaded."""
    engine = Engine(load_space(), rate_hz=rate_hz)
    engine.select(engine.install(patch_of(preset)))
    engine.frame_at(0.0)
    return engine


def compile_all() -> None:
    """Use every kernel once, live or not, so that all are in the cache."""
    open_engine(DEFAULT_PRESET, DEFAULT_RATE_HZ).render(1)

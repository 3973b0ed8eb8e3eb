"""The instrument: a preset's learned mapping, the space it needs and an engine, wired together."""

from embouchure.play_settings import DEFAULT_PRESET, DEFAULT_RATE_HZ
from embouchure.space_file import load_space
from mapper.kernel import map_frame_address
from presets.preset import PresetError
from presets.store import load
from synth.engine.engine import Engine
from synth.patch import Patch
from synth.space import Space


def space_and_patch(preset: str) -> tuple[Space, Patch]:
    """Load a preset by name or path, and the space it was made for.

    Raises
    ------
    PresetError
        When there is no such preset, it is damaged, or its space is not the one installed: its
        codes would mean other sounds there.
    SpaceError
        When the space is missing or damaged.
    """
    chosen, space = load(preset), load_space()
    needed = chosen.card.space
    if needed.sha256 != space.sha256:
        raise PresetError(
            f"the preset {preset} was made for the space {needed.name} {needed.sha256[:12]}, and "
            f"{space.card.name} {space.sha256[:12]} is installed; "
            "choose another preset, or install the program again"
        )
    return space, chosen.patch(map_frame_address())


def open_engine(preset: str, rate_hz: float) -> Engine:
    """Make an engine that sounds one preset, every kernel that events need being loaded."""
    space, patch = space_and_patch(preset)
    engine = Engine(space, rate_hz=rate_hz)
    engine.select(engine.install(patch))
    engine.frame_at(0.0)
    return engine


def compile_all() -> None:
    """Use every kernel once, live or not, so that all are in the cache."""
    open_engine(DEFAULT_PRESET, DEFAULT_RATE_HZ).render(1)

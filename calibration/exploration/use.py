"""Use: a found sound is kept among the player's targets or presets."""

from pathlib import Path

from calibration.exploration.adoption import as_axis, as_axis_end, as_preset, as_target
from calibration.exploration.exploration import Exploration
from calibration.exploration.shelf import ExplorationError
from calibration.targets.target_store import keep
from calibration.targets.target_store import names as target_names
from presets import library, store
from presets.bundle import Bundle
from presets.names import check_name
from presets.preset import Preset


def use_as_target(exploration: Exploration, number: int, name: str) -> Path:
    """Keep a sound as a target to imitate, and return its file.

    Raises
    ------
    ExplorationError
        When there is no such sound, or a target of that name.
    PresetError, TargetError
        When the name cannot be used or the target not be kept.
    """
    if check_name(name) in target_names():
        raise ExplorationError(f"there is a target {name} already; choose another name")
    found = exploration.sound(number)
    return keep(as_target(exploration.palette, found, name, exploration.settings.note))


def use_as_preset(exploration: Exploration, number: int, name: str) -> Path:
    """Keep a sound as a preset, and return its file; this takes about half a minute.

    Raises
    ------
    ExplorationError
        When there is no such sound.
    PresetError
        When the name is taken or cannot be used, or the preset cannot be kept.
    """
    _refuse_taken(name)
    found = exploration.sound(number)
    return _keep(exploration, number, as_preset(exploration.palette, found, name))


def use_as_axis_end(exploration: Exploration, number: int, name: str, origin: str) -> Path:
    """Keep a preset whose slide goes from another preset to a sound, and return its file.

    Raises
    ------
    ExplorationError
        When there is no such sound, or the other preset is of another space.
    PresetError
        When there is no such preset, the name is taken or cannot be used, or it cannot be kept.
    """
    _refuse_taken(name)
    found, start = exploration.sound(number), store.load(origin)
    return _keep(exploration, number, as_axis_end(exploration.palette, found, name, start))


def use_as_axis(exploration: Exploration, start: int, end: int, name: str) -> Path:
    """Keep a preset whose slide goes from one sound to another, and return its file.

    Raises
    ------
    ExplorationError
        When there is no such sound, or both are the same.
    PresetError
        When the name is taken or cannot be used, or it cannot be kept.
    """
    _refuse_taken(name)
    if start == end:
        raise ExplorationError(f"both ends are the sound {end}; choose two different ones")
    ends = exploration.sound(start), exploration.sound(end)
    return _keep(exploration, end, as_axis(exploration.palette, *ends, name))


def _refuse_taken(name: str) -> None:
    if check_name(name) in store.names():
        raise ExplorationError(f"there is a preset {name} already; choose another name")


def _keep(exploration: Exploration, number: int, preset: Preset) -> Path:
    """Keep a preset with the sound that it was made of, as a target."""
    name, note = preset.card.name, exploration.settings.note
    target = as_target(exploration.palette, exploration.sound(number), name, note)
    library.save(Bundle(preset=preset, sources={f"targets/{name}.safetensors": target.to_bytes()}))
    return store.user_folder() / f"{name}{store.SUFFIX}"

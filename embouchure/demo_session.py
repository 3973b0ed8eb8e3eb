"""A demonstration live: a player teaches a preset at their controller, and what came of it is kept."""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console

from calibration.demonstrations.demonstration import N_TAKES, Demonstrated, Demonstration
from calibration.demonstrations.diploma import bundle_of, takes_in
from calibration.demonstrations.pupil import Pupil, Taught
from calibration.demonstrations.take import Take
from calibration.demonstrations.take_store import TakeStore, folder_of_session
from embouchure.play_settings import PlaySettings
from presets.library import open_bundle
from presets.matching import save_matched
from presets.names import check_name, free_name
from presets.refusal import PresetError
from presets.spaces import find_space
from presets.store import factory_names, names


class Lesson(NamedTuple):
    """What a player teaches: a pupil, and the takes that it was taught by before."""

    pupil: Pupil
    earlier: tuple[Take, ...]


def open_lesson(preset: str, wished: Sequence[str] = ()) -> Lesson:
    """Open a preset to be taught.

    Raises
    ------
    PresetError, SpaceError, TargetError
        When there is no such preset or target, or it cannot be taught.
    """
    bundle = open_bundle(preset)
    space = find_space(bundle.preset.card.space)
    pupil = Pupil(bundle.preset, space, wished) if wished else Pupil(bundle.preset, space)
    return Lesson(pupil, tuple(takes_in(bundle)))


def demonstrate_live(
    settings: PlaySettings, lesson: Lesson, console: Console, n_takes: int = N_TAKES
) -> Demonstrated | None:
    """Let a player teach; None where the session ended before anything could be taught.

    Raises
    ------
    ProgramError
        As a live session does.
    """
    from embouchure.guided import GuidedSession
    from embouchure.guided_view import open_guided_view

    session = GuidedSession(settings, open_guided_view(console), demonstration(lesson, n_takes))
    session.play()
    demonstrated: Demonstrated | None = session.result
    return demonstrated


def demonstration(lesson: Lesson, n_takes: int) -> Demonstration:
    """Make the guide of a lesson; its takes are kept in a folder of their own."""
    store = TakeStore(folder_of_session(lesson.pupil.preset.card.name))
    return Demonstration(
        lesson.pupil,
        store,
        n_takes=n_takes,
        earlier=lesson.earlier,
        seed=secrets.randbits(32),
    )


def own_name(preset: str, wished: str | None) -> str:
    """Choose the name under which a taught preset, one kept or a file, is kept.

    Raises
    ------
    PresetError
        When there is no such preset, or the wished name is impossible or the factory's.
    """
    if wished is None:
        if preset in names() and preset not in factory_names():
            return preset
        origin = open_bundle(preset).preset.card.name
        return free_name(f"{origin[:26]}-mine", set(names()))
    if check_name(wished) in factory_names():
        raise PresetError(f"{wished} is a factory preset and stays as it is; choose another name")
    return wished


def keep(pupil: Pupil, taught: Taught, takes: Sequence[Take], name: str) -> int:
    """Keep a taught preset with its takes, as loud as the others; return the version's number.

    Raises
    ------
    PresetError
        When it cannot be written.
    """
    return save_matched(bundle_of(pupil, taught, takes, name), pupil.space)

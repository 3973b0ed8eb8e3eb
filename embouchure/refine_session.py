"""A refinement live: a player chooses between sounds at their controller, and what came of it is kept."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console

from calibration.demonstrations.diploma import takes_in
from calibration.demonstrations.pupil import Pupil
from calibration.demonstrations.take import Take
from calibration.demonstrations.take_store import SUFFIX, TakeStore, read_take, takes_folder
from calibration.refinements.phrase import Phrase
from calibration.refinements.refinement import Refinement
from calibration.refinements.refining import N_ANSWERS, Refined, Refining
from calibration.simulation.events import touch_events
from embouchure import folders
from embouchure.errors import ProgramError
from embouchure.play_settings import PlaySettings
from embouchure.wishes import Wishes
from mapper.performance import hear, read
from presets.library import open_bundle
from presets.matching import save_matched
from presets.names import check_name
from presets.preset import PresetError
from presets.spaces import find_space
from presets.store import factory_names

LATEST: Final = "latest"


def refine_live(
    settings: PlaySettings, refinement: Refinement, console: Console, n_answers: int = N_ANSWERS
) -> Refined | None:
    """Let a player choose; None where the session ended before it began.

    Raises
    ------
    ProgramError, SpaceError
        As a live session does, or when the preset's space is not installed.
    """
    from embouchure.guided import GuidedSession
    from embouchure.guided_view import open_guided_view

    session = GuidedSession(settings, open_guided_view(console), refining(refinement, n_answers))
    session.play()
    refined: Refined | None = session.result
    return refined


def refining(refinement: Refinement, n_answers: int) -> Refining:
    """Make the guide that refines a preset by comparisons.

    Raises
    ------
    SpaceError
        When the preset's space is not installed.
    """
    space = find_space(refinement.preset.card.space)
    return Refining(refinement, space, n_answers=n_answers, seed=len(refinement.history()))


def find_take(key: str) -> Take | None:
    """Find a take of a demonstration by its key or its file; None where there is none."""
    path = Path(key)
    if path.suffix == SUFFIX:
        return read_take(path)
    found = sorted(takes_folder().glob(f"*/{key}{SUFFIX}"))
    return read_take(found[0]) if found else None


def phrase_of(name: str, wishes: Wishes | None = None) -> Phrase:
    """Find what was played: a take of a demonstration, a recorded take, or a MIDI file.

    Parameters
    ----------
    name
        A key, a name, a path, or `LATEST` for what was recorded last.

    Raises
    ------
    ProgramError, PerformanceError, TakeError
        When there is no such take, or it cannot be read.
    """
    if take := find_take(name):
        return Phrase.of(touch_events(take.touches.astype(float), 1))
    kept = sorted(folders.takes_folder().glob("*.mid"))
    path = kept[-1] if name == LATEST and kept else folders.takes_folder() / f"{name}.mid"
    if not path.exists():
        path = Path(name)
    if not path.exists():
        missing = "nothing is recorded yet" if name == LATEST else f"there is no take {name!r}"
        raise ProgramError(
            f"{missing}; name a MIDI file, a take in {folders.takes_folder()}, or "
            f"one of a demonstration in {takes_folder()}"
        )
    return Phrase.of(hear(read(path), (wishes or Wishes()).listeners()))


def rate(refinement: Refinement, preset: str, key: str, stars: int) -> Take:
    """Rate a take of a demonstration; it counts as much from the next learning on.

    Parameters
    ----------
    key
        A key, a path, or `LATEST` for the last that the preset was taught by, or that was played.

    Raises
    ------
    ProgramError, RefinementError, TakeError
        When there is no such take, or no such rating.
    """
    kept = takes_in(open_bundle(preset))
    key = _latest_key(kept) if key == LATEST else key
    found = find_take(key)
    inside = [one for one in kept if one.key == key]
    if found is None and not inside:
        missing = "no take" if key == LATEST else f"no take {key!r}"
        raise ProgramError(
            f"there is {missing} of a demonstration in {takes_folder()} or in {preset}; "
            "embouchure calibrate demo makes some"
        )
    take = found or inside[0]
    refinement.rate(take.key, stars)
    if found:
        folder = next(takes_folder().glob(f"*/{take.key}{SUFFIX}"), Path(key)).parent
        TakeStore(folder).keep(replace(take, weight=refinement.weight(take.key)))
    return take


def _latest_key(kept: Sequence[Take]) -> str:
    """Give the key of the last take; `LATEST` where there is none."""
    if kept:
        return kept[-1].key
    played = sorted(takes_folder().glob(f"*/*{SUFFIX}"))
    return played[-1].stem if played else LATEST


def learn_anew(refinement: Refinement, name: str) -> str:
    """Teach the preset again by the takes in its file, each counting as it was rated.

    What was refined since stays on top of what is learned. Returns what came of it, in a sentence.

    Raises
    ------
    PresetError, SpaceError
        When the preset cannot be opened, or its space is not installed.
    """
    bundle = open_bundle(name)
    takes = takes_in(bundle)
    if not takes:
        return f"{name} holds no takes; the rating counts when you teach by that take."
    weighted = [replace(one, weight=one.weight * refinement.weight(one.key)) for one in takes]
    taught = Pupil(bundle.preset, find_space(bundle.preset.card.space)).teach(weighted)
    if taught.adopted:
        refinement.stand_on(taught.preset, f"Learned anew from {taught.n_takes} takes as rated")
    return taught.in_words()


def keep(refinement: Refinement, preset: str, name: str) -> int:
    """Keep the preset as it is now in the library, as loud as the others; return its version there.

    The takes that it was taught by go along.

    Raises
    ------
    PresetError, SpaceError
        When the name is impossible or the factory's, or it cannot be written.
    """
    if check_name(name) in factory_names():
        raise PresetError(f"{name} is a factory preset and stays as it is; choose another name")
    return save_matched(replace(open_bundle(preset), preset=refinement.named(name)))

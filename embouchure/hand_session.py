"""A hand measured: live, led by its guide, or from a recorded measurement."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console

from calibration.guide import Tone
from calibration.hand.hand_guide import Controller, HandGuide, steady
from calibration.hand.hands import check_player, name_of, names
from calibration.rehearsal import Rehearsal, Score
from embouchure.hand_choice import NO_WISH, HandChoice
from embouchure.play_settings import PlaySettings
from embouchure.wishes import Wishes
from mapper.hand import Hand, HandError
from mapper.listeners import Listeners
from mapper.performance import read
from presets.store import load

TONE_PRESET: Final = "voice"
AFTER_S: Final = 5.0
UNFINISHED: Final = "It was left early; what is missing is taken as it comes."


def measure_live(
    settings: PlaySettings, player: str, known: Hand | None, console: Console
) -> Hand | None:
    """Measure a player at their controller; None where they left before anything was measured.

    Parameters
    ----------
    known
        A hand to bring up to date; without it everything is measured.
    console
        Where the guide's pages are shown.

    Raises
    ------
    HandError, ProgramError
        When nothing came of it, or as a live session does.
    """
    from embouchure.guided import GuidedSession
    from embouchure.guided_view import open_guided_view

    wishes = replace(settings.wishes, hand=NO_WISH)
    listeners = wishes.listeners()
    guide = hand_guide(player, settings.preset, listeners, known)
    bare = replace(settings, wishes=wishes)
    session = GuidedSession(bare, open_guided_view(console), guide, listeners)
    session.play()
    hand: Hand | None = session.result
    if hand and guide.is_unfinished:
        refuse_unfinished(hand)
        console.print(UNFINISHED)
    return hand


def hand_guide(player: str, preset: str, listeners: Listeners, known: Hand | None) -> HandGuide:
    """Make the guide that measures a player on the controllers that these listeners hear.

    Raises
    ------
    HandError
        When no hand can be kept under the player's name.
    """
    return HandGuide(
        check_player(player), _tone(preset), lambda port: _controller(listeners, port), known
    )


def refuse_unfinished(hand: Hand) -> None:
    """Let a measurement that was left early replace none that was not.

    Raises
    ------
    HandError
        When there is a hand of that name.
    """
    if name_of(hand) in names():
        raise HandError(
            f"it was left early, and {name_of(hand)} was measured before, so that stays as it is; "
            "measure to the end, or only bring it up to date"
        )


def measure_file(
    path: Path, wishes: Wishes, player: str, known: Hand | None, say: Callable[[str], None]
) -> Hand:
    """Measure a player by a take of a measurement, as `measure_live` does.

    Raises
    ------
    PerformanceError
        When it cannot be read.
    HandError
        When it does not hold what a measurement needs; the sentence tells what was wrong. Or when
        it ends early, and the hand is known.
    """
    played, listeners = read(path), wishes.listeners()
    guide = hand_guide(player, TONE_PRESET, listeners, known)
    length_s = (played[-1].time_s if played else 0.0) + AFTER_S
    hand: Hand | None = Rehearsal(guide, Score(played), listeners).run(length_s).result
    if guide.is_unfinished and (guide.reason or not hand):
        why = guide.reason or "nothing was played that could be measured"
        raise HandError(f"{path} is no measurement of a hand: at the step {guide.title!r}, {why}")
    if hand is None:
        raise HandError(f"{path} is no measurement of a hand")
    if guide.is_unfinished:
        refuse_unfinished(hand)
        say(f"{path} ends at the step {guide.title!r}; what is missing is taken as it comes.")
    return hand


def known_hand(player: str, controller: str | None) -> Hand:
    """Find the hand of a player that is to be brought up to date.

    Raises
    ------
    HandError
        When they have none, or several fit.
    """
    try:
        known = HandChoice(player).hands
    except HandError:
        known = []
    fitting = [hand for hand in known if controller in (None, hand.controller)]
    if len(fitting) > 1:
        on = ", ".join(hand.controller for hand in fitting)
        raise HandError(f"{player} has hands on {on}; choose one with --controller")
    if not fitting:
        on = f" on {controller}" if controller else ""
        raise HandError(
            f"{player} has no hand{on} yet; measure it to the end once, "
            "then it can be brought up to date"
        )
    return fitting[0]


def _tone(preset: str) -> Tone:
    return Tone(name=f"steady {preset}", preset=steady(load(preset)))


def _controller(listeners: Listeners, port: int) -> Controller:
    profile = listeners.profile(port)
    return Controller(listeners.controller(port), profile.slide_continues_press)

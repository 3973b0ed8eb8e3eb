"""The orders: what the service asks of a session while it is played, each by its command's name."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from embouchure.choice import Chooser
from embouchure.instrument import Sound, sound_of_tone
from embouchure.programs import Programs
from embouchure.session import Session
from embouchure.songs import Songs
from embouchure.wishes import Wishes
from mapper.manner import Manner
from mapper.tuning import Tuning
from presets.setlists import load_setlist
from synth.space import Space


class Orders:
    """Obeys commands; the thread that reads them is the only one to call it.

    Parameters
    ----------
    session
        What is played.
    load
        Loads a preset by its name or path.
    choosers
        Makes what goes through a setlist by its name, or without one through every preset.
    """

    def __init__(
        self,
        session: Session,
        load: Callable[[str], Sound],
        choosers: Callable[[str | None], Chooser],
    ) -> None:
        self._session = session
        self._load = load
        self._choosers = choosers

    def obey(self, command: dict[str, Any]) -> None:
        """Do one command.

        Raises
        ------
        PresetError, SpaceError, RuntimeError
            When a preset cannot be played now.
        """
        getattr(self, f"_do_{command['command']}")(command)

    def _do_select(self, command: dict[str, Any]) -> None:
        sound = self._load(command["preset"])
        self._session.select(time.perf_counter(), sound, command["zone"])

    def _do_sound(self, command: dict[str, Any]) -> None:
        """Let every strike from now on sound by a preset that need not be in the store."""
        sound = sound_of_tone(self._session.space, **command["tone"])
        self._session.select(time.perf_counter(), sound)

    def _do_step(self, command: dict[str, Any]) -> None:
        self._session.step(time.perf_counter(), command["step"])

    def _do_go(self, command: dict[str, Any]) -> None:
        self._session.go_to(time.perf_counter(), command["place"])

    def _do_setlist(self, command: dict[str, Any]) -> None:
        chooser = self._choosers(command["name"])
        first = chooser.first() if isinstance(chooser, Songs) else None
        for sentence in chooser.missing if isinstance(chooser, Songs) else ():
            self._session.notice(f"{sentence}.")
        self._session.go_through(time.perf_counter(), chooser, first)

    def _do_bind(self, command: dict[str, Any]) -> None:
        _, before = self._session.bindings()
        self._session.bind(command["macro_controls"], replace(before, **command["steps"]))

    def _do_macro(self, command: dict[str, Any]) -> None:
        self._session.set_macro(time.perf_counter(), command["number"], command["value"])

    def _do_manner(self, command: dict[str, Any]) -> None:
        manner = Manner.model_validate(command["manner"])
        self._session.set_manner(time.perf_counter(), manner, command["zone"])

    def _do_tune(self, command: dict[str, Any]) -> None:
        self._session.set_tuning(time.perf_counter(), Tuning(tuple(command["notes"])))


def make_chooser(name: str | None, space: Space, wishes: Wishes) -> Chooser:
    """Make what goes through a setlist, or without a name through every preset.

    Raises
    ------
    PresetError, ProgramError
        When there is no such setlist, or nothing of it can be played.
    """
    return Songs(load_setlist(name), space, wishes) if name else Programs(space, wishes)

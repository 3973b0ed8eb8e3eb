"""The orders: what the service asks of a session while it is played, each by its command's name."""

import time
from collections.abc import Callable
from typing import Any

from embouchure.instrument import Sound
from embouchure.session import Session
from mapper.manner import Manner
from mapper.tuning import Tuning


class Orders:
    """Obeys commands; the thread that reads them is the only one to call it.

    Parameters
    ----------
    session
        What is played.
    load
        Loads a preset by its name or path.
    """

    def __init__(self, session: Session, load: Callable[[str], Sound]) -> None:
        self._session = session
        self._load = load

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

    def _do_step(self, command: dict[str, Any]) -> None:
        self._session.step(time.perf_counter(), command["step"])

    def _do_go(self, command: dict[str, Any]) -> None:
        self._session.go_to(time.perf_counter(), command["place"])

    def _do_macro(self, command: dict[str, Any]) -> None:
        self._session.set_macro(time.perf_counter(), command["number"], command["value"])

    def _do_manner(self, command: dict[str, Any]) -> None:
        manner = Manner.model_validate(command["manner"])
        self._session.set_manner(time.perf_counter(), manner, command["zone"])

    def _do_tune(self, command: dict[str, Any]) -> None:
        self._session.set_tuning(time.perf_counter(), Tuning(tuple(command["notes"])))

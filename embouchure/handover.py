"""The handover: what was set while playing, told to the engine process that takes over."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from embouchure.choice import Chooser
from embouchure.errors import player_errors
from embouchure.instrument import Sound
from embouchure.orders import Orders
from embouchure.play_settings import DEFAULT_PRESET, PlaySettings, Predecessor
from embouchure.session import Session, open_session
from mapper.hand import Hand
from synth.engine.engine import Engine

Command = dict[str, Any]


def commands_of(session: Session) -> list[Command]:
    """List what brings another session to what was set in this one."""
    tuning, place = session.tuning(), session.place()
    return [
        *([{"command": "setlist", "name": session.order()}] if session.is_reordered() else []),
        *([_bindings(session)] if session.is_bound() else []),
        *([] if place is None else [{"command": "go", "place": place}]),
        *(
            _choice(zone, sound)
            for zone, sound in session.chosen().items()
            if sound is not session.placed()
        ),
        *(
            {"command": "manner", "zone": zone, "manner": manner.model_dump()}
            for zone, manner in session.manners().items()
        ),
        *(
            {"command": "hand", "port": port, "hand": fields}
            for port, fields in session.hands().items()
        ),
        *(
            {"command": "cached", "on": one}
            for one in (session.cached_choice(),)
            if one is not None
        ),
        *([{"command": "tune", "notes": list(tuning.notes)}] if tuning else []),
        *(
            {"command": "configure", "port": port, "messages": [one.hex() for one in messages]}
            for port, messages in session.configurations().items()
        ),
        *(
            {"command": "macro", "number": number, "value": value}
            for number, value in session.set_macros().items()
        ),
    ]


def _choice(zone: int, sound: Sound) -> Command:
    if sound.is_stored:
        return {"command": "select", "zone": zone, "preset": sound.name}
    return {"command": "sound", "tone": sound.tone}


def _bindings(session: Session) -> Command:
    macro_controls, steps = session.bindings()
    return {"command": "bind", "macro_controls": macro_controls, "steps": asdict(steps)}


class Handover:
    """Brings a session that nobody plays yet to where an earlier one was.

    Parameters
    ----------
    session
        Of the process that takes over.
    load
        Loads a preset by its name or path.
    choosers
        Makes what goes through a setlist, or without a name through every preset.
    say
        Told, in a sentence, what cannot be had any more; it must not end the sound.
    """

    def __init__(
        self,
        session: Session,
        load: Callable[[str], Sound],
        choosers: Callable[[str | None], Chooser],
        say: Callable[[str], None],
    ) -> None:
        self._session = session
        self._orders = Orders(session, load, choosers)
        self._say = say

    def take(self, before: Predecessor) -> None:
        """Do again what had been done; the inputs are named first, which tells their controllers."""
        for number, name in enumerate(before.inputs):
            self._session.name(number, name)
        for command in before.state:
            act = getattr(self, f"_do_{command['command']}", self._orders.obey)
            try:
                act(command)
            except player_errors() as error:
                self._say(f"{error}.")

    def _do_cached(self, command: Command) -> None:
        self._session.set_cached(time.perf_counter(), is_cached=command["on"])

    def _do_hand(self, command: Command) -> None:
        fields = command["hand"]
        self._session.set_hand(fields and Hand.model_validate(fields), command["port"])

    def _do_configure(self, command: Command) -> None:
        """Bring a port to its zones, bend ranges, volumes and macros."""
        for message in command["messages"]:
            self._session.perform(time.perf_counter(), command["port"], bytes.fromhex(message))


def open_next_session(
    settings: PlaySettings, engine: Engine, say: Callable[[str], None]
) -> Session:
    """Begin the live session of an engine process.

    The first of them must have what the player asked for. One that takes over sounds in any case,
    with the default preset if need be: a file may be gone since.

    Raises
    ------
    PresetError, TuningError, ProgramError
        As `open_session` does, in a first process.
    """
    try:
        return open_session(settings, engine, engine.frame_at)
    except player_errors() as error:
        if not settings.predecessor:
            raise
        say(f"{error}.")
    wishes = replace(
        settings.wishes,
        scale=None,
        key_map=None,
        a4_hz=None,
        zone_presets=None,
        hand=None,
        setlist=None,
    )
    plain = replace(settings, preset=DEFAULT_PRESET, wishes=wishes)
    return open_session(plain, engine, engine.frame_at)

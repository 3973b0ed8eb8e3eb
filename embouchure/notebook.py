"""The notebook: what a session played and was told, until housekeeping takes it for the journal."""

import base64
from collections import deque
from typing import Any, NamedTuple

from embouchure.instrument import Sound
from mapper.performance import Played
from synth.engine.engine import Engine


class Told(NamedTuple):
    """Something other than a message that the journal must know: a line's first word and fields."""

    word: str
    fields: dict[str, Any]


class Kept(NamedTuple):
    """What was played, for the journal; `told` comes before `events`, which may need its presets.

    `events` are records of the engine's layout, `n_lost` counts those that are missing before them,
    and `notices` are sentences for the player.
    """

    heard: list[Played]
    told: list[Told]
    events: bytes
    n_lost: int
    notices: list[str]


class Notebook:
    """Written under the session's lock, so in the order in which the engine is told; taken without."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._heard: deque[Played] = deque()
        self._told: deque[Told] = deque()
        self._notices: deque[str] = deque()
        self._slots: dict[int, Sound] = {}
        self._n_unlogged = 0

    def hear(self, played: Played) -> None:
        """Note a message."""
        self._heard.append(played)

    def name(self, port: int, name: str) -> None:
        """Note what a port is called."""
        self._told.append(Told("port", {"number": port, "name": name}))

    def hand(self, port: int | None, fields: dict[str, Any] | None) -> None:
        """Note whose hand plays on a port, or on all of them."""
        self._told.append(Told("hand", {"port": port, "hand": fields}))

    def call(self, time_s: float, call: str, **fields: Any) -> None:  # noqa: ANN401
        """Note what was chosen or done, and when."""
        self._told.append(Told("call", {"time_s": time_s, "call": call, **fields}))

    def preset(self, slot: int, sound: Sound) -> None:
        """Note the file that is in a slot, unless that is noted."""
        if self._slots.get(slot) is not sound:
            self._slots[slot] = sound
            target = sound.target.to_bytes() if sound.target else b""
            files = {"file": _text(sound.packed), "target": _text(target)}
            if sound.lattice:
                files["cache"] = sound.lattice.card.key
            self._told.append(Told("preset", {"slot": slot, "name": sound.name, **files}))

    def notice(self, sentence: str) -> None:
        """Note what the player must know."""
        self._notices.append(sentence)

    def take(self) -> Kept:
        """Hand over everything since the last call; housekeeping thread, and only one."""
        records = self._engine.applied_events()  # first: then their presets are noted already
        n_lost = self._engine.n_unlogged - self._n_unlogged
        self._n_unlogged += n_lost
        told, heard, notices = (_all(one) for one in (self._told, self._heard, self._notices))
        return Kept(heard, told, records.tobytes(), n_lost, notices)


def _text(file: bytes) -> str:
    return base64.b64encode(file).decode()


def _all(waiting: deque[Any]) -> list[Any]:
    return [waiting.popleft() for _ in range(len(waiting))]

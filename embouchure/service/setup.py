"""The setup: what was set while playing, as the engine process told it last."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from embouchure.engine_link import Report
from embouchure.own_inputs import PORTS
from embouchure.wishes import Wishes

if TYPE_CHECKING:
    from mapper.listeners import Listeners

Command = dict[str, Any]

SOUNDS: Final = ("select", "go", "manner")
HANDS: Final = ("hand",)


class Setup:
    """Follows the live session from its first report on; any thread may read it.

    Attributes
    ----------
    wishes
        How the player wishes controllers to be understood.
    """

    def __init__(self) -> None:
        self.wishes = Wishes()
        self._inputs: tuple[str, ...] = ()
        self._commands: tuple[Command, ...] = ()

    def hear(self, report: Report) -> None:
        """Take a report of the engine process."""
        if "inputs" in report:
            self._inputs = tuple(report["inputs"])
        if report["report"] == "state":
            self._commands = tuple(report["state"])

    def turn(self) -> None:
        """Nothing is done by the time."""

    def commands(self, words: Iterable[str]) -> list[Command]:
        """List the commands of these names that bring a session to where it is now."""
        return [one for one in self._commands if one["command"] in words]

    def listeners(self, *, is_bare: bool = False) -> "Listeners":
        """Make listeners that hear the ports as the session does, or without the players' hands."""
        from mapper.hand import Hand
        from mapper.tuning import Tuning

        listeners = self.wishes.listeners()
        for port, name in [*enumerate(self._inputs), *((PORTS[own], own) for own in PORTS)]:
            listeners.name(port, name)
        for one in self.commands(("configure",)):
            for message in one["messages"]:
                listeners.hear(bytes.fromhex(message), time.perf_counter(), one["port"])
        for one in self.commands(("tune",)):
            listeners.set_tuning(Tuning(tuple(one["notes"])))
        for one in [] if is_bare else self.commands(HANDS):
            hand = one["hand"] and Hand.model_validate(one["hand"])
            listeners.set_hand(hand, one["port"])
        return listeners

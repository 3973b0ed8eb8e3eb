"""Learning: a controller that is moved is bound to what was asked for before."""

import threading
from collections.abc import Callable
from typing import Final, Literal

from embouchure.engine_link import Report
from embouchure.errors import ProgramError
from embouchure.parcel import unpack
from embouchure.service.bindings import MACROS, Bindings, with_binding
from embouchure.service.stage import Stage
from embouchure.settings import change_settings, load_settings
from mapper.stepping import TAKEN_CONTROLS

Target = Literal["macro-1", "macro-2", "macro-3", "macro-4", "next", "previous"]
STEPS: Final = ("next", "previous")
LAST_CONTROL: Final = 119


def moved_control(message: bytes) -> int | None:
    r"""Tell which free controller a message moves; None where it moves none.

    >>> moved_control(b"\xb3\x15\x40")
    21
    """
    is_move = len(message) == 3 and message[0] & 0xF0 == 0xB0 and message[2] > 0
    is_free = is_move and message[1] <= LAST_CONTROL and message[1] not in TAKEN_CONTROLS
    return message[1] if is_free else None


class Learning:
    """Waits for a controller to be moved, one target at a time; any thread."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lock = threading.Lock()
        self._leave: Callable[[], None] | None = None
        self._target: Target | None = None

    def arm(self, target: Target) -> None:
        """Bind the next controller that is moved to this."""
        with self._lock:
            self._target = target
            self._leave = self._leave or self._stage.attach(self)
        self._stage.set(learn=target)

    def forget(self) -> None:
        """Bind nothing."""
        with self._lock:
            if self._leave:
                self._leave()
            self._leave = self._target = None
        self._stage.set(learn=None)

    def bind(self, target: Target, control: int) -> None:
        """Bind a controller by its number.

        Raises
        ------
        ProgramError
            When it is not free.
        """
        if moved_control(bytes((0xB0, control, 1))) is None:
            taken = ", ".join(map(str, sorted(TAKEN_CONTROLS)))
            raise ProgramError(
                f"the controller {control} cannot be bound; choose another from 0 to {LAST_CONTROL}, "
                f"none of {taken}"
            )
        before = self._stage.live["bindings"]
        bindings = with_binding(before, target, control)
        steps = _steps_to_keep(before, bindings)
        change_settings(macro_controls=[bindings[name] for name in MACROS], **steps)
        self._stage.bind(bindings)

    def hear(self, report: Report) -> None:
        """Bind the first controller that was moved."""
        if report["report"] != "heard":
            return
        moved = (moved_control(played.data) for played in unpack(report))
        control = next((one for one in moved if one is not None), None)
        target = self._target
        if control is not None and target is not None:
            self.forget()
            threading.Thread(target=self._bind, args=(target, control), daemon=True).start()

    def turn(self) -> None:
        """Do nothing between reports."""

    def _bind(self, target: Target, control: int) -> None:
        try:
            self.bind(target, control)
        except ProgramError as error:
            self._stage.notice(f"{error}.", "fault")
        else:
            self._stage.notice(f"Controller {control} is bound to {target}.")


def _steps_to_keep(before: Bindings, bindings: Bindings) -> dict[str, int | None]:
    """Give the settings of what steps by another controller now, or was to by one that is taken."""
    kept = load_settings().model_dump()
    steps = {}
    for name in STEPS:
        setting = f"{name}_control"
        others = [control for other, control in bindings.items() if other != name]
        is_taken = kept[setting] is not None and kept[setting] in others
        if bindings[name] != before[name] or is_taken:
            steps[setting] = bindings[name]
    return steps

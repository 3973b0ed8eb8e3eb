"""The watchdog: knows from the engine's frame counter alone whether a device still asks for sound."""

from typing import Final

START_LIMIT_S: Final = 1.0
"""How long a device that was just started may take to ask for the first time."""
LIMIT_S: Final = 1.0
"""How long it may pause later: a starved computer halts it for half of that, and to begin again would
take longer and end every note."""
MAX_STEP_S: Final = 0.1
"""What counts at most between two looks: a longer pause was the machine's own, asleep or busy."""


class Watchdog:
    """Looked at a few times in `LIMIT_S`, from one thread."""

    def __init__(self) -> None:
        self.has_begun = False
        """Whether the device has asked for sound at all."""
        self._frame = 0
        self._looked_s: float | None = None
        self._still_s = 0.0

    def look(self, time_s: float, frame: int) -> bool:
        """Whether the counter, now at `frame`, has stood still for too long."""
        step_s = 0.0 if self._looked_s is None else min(time_s - self._looked_s, MAX_STEP_S)
        self._looked_s = time_s
        if frame != self._frame:
            self.has_begun, self._frame, self._still_s = True, frame, 0.0
        else:
            self._still_s += step_s
        return self._still_s > (LIMIT_S if self.has_begun else START_LIMIT_S)

    @property
    def is_content(self) -> bool:
        """Whether the counter moved between the last two looks."""
        return self._still_s == 0.0

"""The relay: when an engine process can go on no longer, the next takes over from it.

Each is told what the one before it had: the device that the player chose, the MIDI inputs by
number, what was set while playing. The player is told in one sentence what happened.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from embouchure.device_look import DeviceLook
from embouchure.engine_link import END_TIMEOUT_S, POLL_S, EngineEndedError, EngineLink, Report
from embouchure.play_settings import PlaySettings, Predecessor
from embouchure.whereabouts import Whereabouts, in_words
from synth.engine.telemetry import Snapshot
from synth.outputs import Place

STARTING_LIMIT_S: Final = 20.0
OPENING_LIMIT_S: Final = 6.0
PLAYING_LIMIT_S: Final = 3.0
"""How long a process may say nothing before it counts as hung, counted in waits of our own."""
SHORT_LIFE_S: Final = 2.0
PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 4.0
"""From the second short life on the next process waits, after each twice as long as before: a fault
that stays must not tax the machine."""
MAX_TRIES: Final = 3
"""So often the engine may crash before it can be played for the first time."""
LACKING: Final = "There is no sound device now; the sound returns as soon as there is one."
QUIET_S: Final = 2.0
"""How long nothing must have sounded before the player's own device, back again, is returned to."""
QUIET_PEAK: Final = 1e-4
OF_DEVICE: Final = frozenset({"device", "host_api", "channels", "rate_hz"})
CONTRADICTED: Final = {
    "preset": ("setlist", "select", "sound", "go", "manner"),
    "midi": ("hand", "configure"),
    "wishes": ("setlist", "select", "sound", "go", "manner", "cached", "tune", "bind", "hand"),
}
"""What was set while playing, by the settings that have the last word over it."""


class Relay:
    """The engine processes of one session, one after another.

    Parameters
    ----------
    settings
        What the player chose.
    say
        Tells the player what happened.
    """

    def __init__(self, settings: PlaySettings, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell_player = say
        self._look = DeviceLook()
        self._link: EngineLink | None = None
        self._said: set[str] = set()
        self._whereabouts: Whereabouts | None = None
        self._inputs: tuple[str, ...] = ()
        self._state: tuple[dict[str, Any], ...] = ()
        self._has_played = False
        self._n_short_lives = 0
        self._asked: deque[dict[str, Any]] = deque()
        self._proven: PlaySettings | None = None
        self._begin_life()

    def _begin_life(self) -> None:
        self._is_over = False
        self._is_opening = False
        self._lacks_device = False
        self._end_patience_s = END_TIMEOUT_S
        self._limit_s = STARTING_LIMIT_S if self._has_played else None  # the first may compile
        self._playing_since_s: float | None = None
        self._quiet_since_s: float | None = None

    def reports(self) -> Iterator[Report | None]:
        """Yield what the processes report, and None now and then, without end.

        Raises
        ------
        EngineEndedError
            When the first ends before it can be played.
        """
        while True:
            self._begin_life()
            self._link = EngineLink(self._next_settings())
            yield from self._follow(self._link)
            self._link = None
            yield from self._pause()

    def tell(self, command: str, **fields: Any) -> None:  # noqa: ANN401
        """Give the process that runs now a command; any thread."""
        if link := self._link:
            link.tell(command, **fields)

    @property
    def lacks_device(self) -> bool:
        """Whether it waits for a sound device to come back; any thread."""
        return self._lacks_device

    def look(self) -> Snapshot | None:
        """Read the telemetry of the engine that sounds now; None while none does. Any thread."""
        link = self._link
        return link.look() if link else None

    def change(self, **settings: Any) -> None:  # noqa: ANN401
        """Go on with other `PlaySettings` in a process of their own; any thread.

        If nothing can be played with them, those before are returned to.
        """
        self._asked.append(settings)

    def end(self) -> list[Report]:
        """End the process that runs now and return the reports it still had to give.

        One that cannot be played yet has none, and is not waited for.
        """
        self._look.close()
        patience_s = END_TIMEOUT_S if self._playing_since_s else 0.0
        if not self._link:
            return []
        self._link.end(patience_s)
        return list(self._link.left())

    def _next_settings(self) -> PlaySettings:
        while self._asked:
            self._take_up(self._asked.popleft())
        known = self._whereabouts
        if not known and not self._has_played:
            return self._settings
        predecessor = Predecessor(
            home=known.home if known else None,
            avoided=known.avoided() if known else (),
            inputs=self._inputs,
            state=self._state,
        )
        return replace(self._settings, predecessor=predecessor)

    def _take_up(self, asked: dict[str, Any]) -> None:
        """Change the settings, and forget of what was set while playing what they contradict."""
        self._proven = self._proven or self._settings
        self._settings = replace(self._settings, **asked)
        self._said.clear()
        self._n_short_lives = 0
        if asked.keys() & OF_DEVICE:
            self._whereabouts = None
        if "midi" in asked:
            self._inputs = ()
        contradicted = {word for name in asked for word in CONTRADICTED.get(name, ())}
        self._state = tuple(one for one in self._state if one["command"] not in contradicted)

    def _return(self, sentence: str) -> bool:
        """Return to the settings before if those that were asked for never played."""
        if self._proven is None:
            return False
        self._say(f"{_capital(sentence)}; what was chosen before is used again.")
        self._settings, self._proven, self._whereabouts = self._proven, None, None
        return True

    def _follow(self, link: EngineLink) -> Iterator[Report | None]:
        """Yield one process's reports until it is over, those it left included."""
        try:
            yield from self._living(link)
        except EngineEndedError as error:
            is_hopeless = not self._whereabouts or self._n_short_lives == MAX_TRIES
            if is_hopeless and not self._has_played:
                raise
            self._avoid_what_was_opened()
            self._say(f"{_capital(str(error))}; it is started again.")
        link.end(self._end_patience_s)
        yield from link.left()

    def _living(self, link: EngineLink) -> Iterator[Report | None]:
        silent_s = 0.0
        for report in link.reports():
            silent_s = 0.0 if report else silent_s + POLL_S
            if report:
                self._note(report)
            if not self._is_over or not self._has_played:
                yield report
            if self._limit_s and silent_s > self._limit_s:
                self._give_up()
            self._is_over = self._is_over or bool(self._asked)
            if self._is_over:
                return

    def _note(self, report: Report) -> None:
        """Learn from a report what the next process must know."""
        note = getattr(self, f"_note_{report['report']}", None)
        if note:
            note(report)

    def _note_opening(self, report: Report) -> None:
        place = Place(*report["place"])
        self._whereabouts = self._whereabouts or Whereabouts(place)
        self._whereabouts.place = place
        self._is_opening = True
        self._limit_s = OPENING_LIMIT_S

    def _note_playable(self, report: Report) -> None:
        if self._has_played and self._whereabouts:
            self._say(self._whereabouts.in_words())
        self._has_played = True
        self._proven = None
        self._is_opening = False
        self._limit_s = PLAYING_LIMIT_S
        self._playing_since_s = time.monotonic()
        self._inputs = tuple(report["inputs"])

    def _note_inputs(self, report: Report) -> None:
        self._inputs = tuple(report["inputs"])

    def _note_state(self, report: Report) -> None:
        self._state = tuple(report["state"])

    def _note_notice(self, report: Report) -> None:
        self._say(report["sentence"])

    def _note_stalled(self, report: Report) -> None:
        self._is_over = True
        if report["has_begun"]:
            self._say(f"{self._device()} no longer takes sound; starting it again.")
            return
        self._avoid()
        self._say(f"{self._device()} takes no sound; trying what else there is.")

    def _note_failed(self, report: Report) -> None:
        self._is_over = True
        if not self._return(report["sentence"]) and self._has_played:
            self._say(f"{_capital(report['sentence'])}; trying again.")

    def _note_no_device(self, report: Report) -> None:
        self._is_over = self._lacks_device = True
        if not self._return(report["sentence"]) and self._has_played:
            self._say(LACKING)

    def _note_status(self, report: Report) -> None:
        """Forget what was said once all is well, and go home when nothing sounds."""
        now_s = time.monotonic()
        n_voices, peak = report["figures"][:2]
        if n_voices or peak > QUIET_PEAK:
            self._quiet_since_s = None
        elif self._quiet_since_s is None:
            self._quiet_since_s = now_s
        if self._playing_since_s and now_s - self._playing_since_s > SHORT_LIFE_S:
            self._said.clear()
        if self._quiet_since_s and now_s - self._quiet_since_s > QUIET_S:
            self._look_for_home()

    def _look_for_home(self) -> None:
        known = self._whereabouts
        if known and known.is_away and known.home_returns(self._look.poll()):
            self._say(f"{in_words(known.home)} is back and is used again.")
            self._is_over = True

    def _give_up(self) -> None:
        """Leave a process that hangs."""
        self._is_over = True
        self._end_patience_s = 0.0
        if self._is_opening:
            self._avoid()
            self._say(f"{self._device()} does not open; trying what else there is.")
        else:
            self._say("The engine does not answer; it is started again.")

    def _avoid_what_was_opened(self) -> None:
        if self._is_opening:
            self._avoid()

    def _avoid(self) -> None:
        if self._whereabouts:
            self._whereabouts.avoid()

    def _device(self) -> str:
        return in_words(self._whereabouts.place) if self._whereabouts else "The sound device"

    def _pause(self) -> Iterator[None]:
        """Wait until there is a device, or for a while after more than one short life."""
        now_s = time.monotonic()
        is_short = now_s - (self._playing_since_s or now_s) < SHORT_LIFE_S
        self._n_short_lives = self._n_short_lives + 1 if is_short else 0
        pause_s = (
            PAUSE_S * 2 ** min(self._n_short_lives - 2, 10) if self._n_short_lives > 1 else 0.0
        )
        until_s = now_s + min(pause_s, LONGEST_PAUSE_S)
        while not self._asked and (
            time.monotonic() < until_s or (self._lacks_device and not self._look.poll())
        ):
            time.sleep(POLL_S)
            yield None

    def _say(self, sentence: str) -> None:
        """Tell the player, but not the same again while the trouble lasts."""
        if sentence not in self._said:
            self._said.add(sentence)
            self._tell_player(sentence)


def _capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"

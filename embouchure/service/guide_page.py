"""The guide's page: what a player who is led sees, as the state of the session has it."""

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from calibration.demonstrations.curves import rows_of
from calibration.guide import Show
from embouchure.errors import ProgramError
from embouchure.service.stage import Stage

if TYPE_CHECKING:
    from embouchure.service.courses import Outcome

Fields = dict[str, Any]

PAUSE_S: Final = 0.06
"""Between two drawings of a page that moves."""
KEPT_SENTENCES: Final = 6
LEAVE: Final = {"leave": "Leave"}


class GuidePage:
    """Takes a guide's pages as they come, and shows the newest as `guide` of the state.

    Parameters
    ----------
    stage
        Whose state it is.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lock = threading.Lock()
        self._number = 0
        self._fields: Fields | None = None
        self._page = Show("")
        self._is_new = False
        self._shown_s = 0.0

    @property
    def heard(self) -> str:
        """Which of the sounds that a course came to is played, nothing before its end."""
        outcome = self._fields and self._fields["outcome"]
        return outcome["heard"] if outcome else ""

    def offers(self) -> Mapping[str, str]:
        """Tell what can be answered now, by any thread."""
        fields = self._fields
        return {} if not fields or fields["phase"] == "over" else {**self._page.offers, **LEAVE}

    def reserve(self, kind: str, about: str) -> int:
        """Say that a course is about to begin, and number its page; any thread.

        Raises
        ------
        ProgramError
            When there is one already.
        """
        with self._lock:
            if self._fields and self._fields["phase"] != "over":
                raise ProgramError("a guide is at work already; leave it first")
            self._fields = {
                "course": kind,
                "about": about,
                "phase": "opening",
                "title": "",
                "text": "One moment.",
                "progress": None,
                "meters": {},
                "offers": _rows(LEAVE),
                "lanes": [],
                "said": [],
                "is_working": True,
                "outcome": None,
            }
            self._show()
            self._number += 1
            return self._number

    @property
    def is_opening(self) -> bool:
        """Whether a course is still to begin; any thread."""
        fields = self._fields
        return fields is not None and fields["phase"] == "opening"

    def awaits(self, number: int) -> bool:
        """Whether the course of this page is still to begin; any thread."""
        with self._lock:
            return number == self._number and self.is_opening

    def begin(self) -> None:
        """Show the guide's pages from now on."""
        self._change(phase="led", text="")

    def say(self, text: str) -> None:
        """Say one sentence that stays."""
        if self._fields:
            said = self._fields["said"]
            number = said[-1]["id"] + 1 if said else 1
            self._change(said=[*said, {"id": number, "text": text}][-KEPT_SENTENCES:])

    def turn_to(self, page: Show) -> None:
        """Show a page in place of the one before, as soon as somebody can have read that."""
        self._page, self._is_new = page, True

    def publish(self, *, is_working: bool) -> None:
        """Draw the newest page, unless one was drawn just now, and say whether something is worked out."""
        now_s = time.monotonic()
        if self._fields and self._fields["is_working"] != is_working:
            self._change(is_working=is_working)
        if self._is_new and self._fields and now_s - self._shown_s >= PAUSE_S:
            self._is_new, self._shown_s = False, now_s
            self._change(**_drawn(self._page))

    def end(self, outcome: "Outcome", *, has_failed: bool = False) -> None:
        """Show what a course came to."""
        self._is_new = False
        self._change(
            phase="over",
            title="" if has_failed else "Done",
            text=" ".join(outcome.sentences),
            progress=None,
            meters={},
            offers=[],
            outcome={
                "has_failed": has_failed,
                "sentences": list(outcome.sentences),
                "sounds": list(outcome.sounds),
                "heard": "",
                "has_phrase": outcome.phrase is not None,
                "can_keep": outcome.keep is not None,
                "suggested": outcome.suggested,
                "kept_as": "",
                "figures": dict(outcome.figures),
            },
        )

    def hears(self, name: str) -> None:
        """Say which of the course's sounds is played."""
        self._change_outcome(heard=name)

    def keeps(self, name: str) -> None:
        """Say under which name it was kept."""
        self._change_outcome(kept_as=name, heard="")

    def clear(self, number: int | None = None) -> None:
        """Show no guide, or no longer the one of this number; any thread."""
        with self._lock:
            if number not in (None, self._number):
                return
            self._fields, self._page, self._is_new = None, Show(""), False
            self._show()

    def _change_outcome(self, **fields: Any) -> None:  # noqa: ANN401
        if self._fields and self._fields["outcome"]:
            self._change(outcome={**self._fields["outcome"], **fields})

    def _change(self, **fields: Any) -> None:  # noqa: ANN401
        with self._lock:
            if self._fields is not None:
                self._fields = {**self._fields, **fields}
                self._show()

    def _show(self) -> None:
        self._stage.set(guide=self._fields)


def _drawn(page: Show) -> Fields:
    return {
        "title": page.title,
        "text": page.text,
        "progress": None if page.progress is None else round(page.progress, 3),
        "meters": {name: round(value, 3) for name, value in page.meters.items()},
        "offers": _rows({**page.offers, **LEAVE}),
        "lanes": rows_of(page.drawing.lanes()) if page.drawing else [],
    }


def _rows(offers: Mapping[str, str]) -> list[Fields]:
    return [{"word": word, "label": label} for word, label in offers.items()]

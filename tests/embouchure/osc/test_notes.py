"""Notes by OSC: what a sender holds that has fallen silent is ended, where it had counted frames."""

import pytest

from embouchure.osc.notes import SILENT_S, Notes
from mapper.listener import Listener


class Hall:
    """Notes that are heard, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.listener = Listener()
        self.notes = Notes(self._perform, lambda: self.now_s)

    def _perform(self, _: str, data: bytes) -> None:
        self.listener.hear(data, self.now_s)

    def wait(self) -> int:
        """Let more than the patience pass; tell how many notes sound then."""
        self.now_s += 2 * SILENT_S
        self.notes.look()
        return len(self.listener.touches())


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_a_note_sounds_on_while_nobody_counts(hall: Hall):
    hall.notes.on(1, 60.0, 0.5)
    assert hall.wait() == 1


def test_a_note_ends_when_the_frames_do(hall: Hall):
    hall.notes.on(1, 60.0, 0.5)
    hall.notes.count_frame()
    assert hall.wait() == 0


def test_a_note_after_such_an_end_sounds_on_again(hall: Hall):
    hall.notes.count_frame()
    hall.wait()
    hall.notes.on(1, 60.0, 0.5)
    assert hall.wait() == 1

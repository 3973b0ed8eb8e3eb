"""Gestures."""

import json
from pathlib import Path

import numpy as np
import pytest

from mapper.gestures import Gesture, gather, gestures_of
from mapper.performance import Played, hear
from mapper.recorder import Recorder


def gestures(*timed: tuple[float, str]) -> list[Gesture]:
    """Gestures of messages in hex at their times."""
    return gather(hear(Played(time_s, 0, bytes.fromhex(message)) for time_s, message in timed))


def test_a_gesture_lasts_from_the_strike_to_the_lift():
    (gesture,) = gestures((1.0, "91 3c 7f"), (3.0, "81 3c 7f"))
    assert (gesture.start_s, gesture.end_s) == (1.0, 3.0)
    assert (gesture.note, gesture.strike, gesture.lift) == (60.0, 1.0, 1.0)


def test_it_follows_every_dimension():
    (gesture,) = gestures(
        (0.0, "91 3c 40"), (1.0, "d1 7f"), (2.0, "b1 4a 7f"), (3.0, "e1 7f 7f"), (4.0, "81 3c 40")
    )
    assert gesture.times_s.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert gesture.press.tolist() == [0.0, 1.0, 1.0, 1.0, 1.0]
    assert gesture.slide.tolist() == [0.5, 0.5, 1.0, 1.0, 1.0]
    assert gesture.glide_semitones.tolist() == [0.0, 0.0, 0.0, 48.0, 48.0]


def test_the_zones_bend_is_part_of_the_glide():
    (gesture,) = gestures(
        (0.0, "e0 7f 7f"),
        (1.0, "91 3c 40"),
        (2.0, "e1 7f 7f"),
        (3.0, "e0 00 40"),
        (4.0, "81 3c 40"),
    )
    assert gesture.glide_semitones.tolist() == [2.0, 50.0, 48.0, 48.0]


@pytest.mark.parametrize("message", ["b0 11 7f", "c0 01"])
def test_a_macro_or_a_program_with_the_number_of_a_touch_is_none_of_its_business(message: str):
    (gesture,) = gestures((0.0, "91 3c 40"), (1.0, message), (2.0, "81 3c 40"))
    assert gesture.times_s.tolist() == [0.0, 2.0]
    assert gesture.zone == 0


def test_a_moment_has_one_sample():
    (gesture,) = gestures((0.0, "91 3c 40"), (0.0, "d1 10"), (0.0, "d1 7f"), (1.0, "81 3c 40"))
    assert gesture.times_s.tolist() == [0.0, 1.0]
    assert gesture.press.tolist() == [1.0, 1.0]


def test_it_ends_with_the_press_that_was_meant():
    (gesture,) = gestures((0.0, "91 3c 40"), (1.0, "d1 7f"), (2.0, "d1 00"), (2.01, "81 3c 40"))
    assert gesture.press.tolist() == [0.0, 1.0, 0.0, 1.0]


def test_a_note_never_released_ends_with_the_performance():
    (gesture,) = gestures((0.0, "91 3c 40"), (5.0, "d1 7f"))
    assert gesture.end_s == 5.0


def test_a_silenced_touch_has_no_lift():
    (gesture,) = gestures((0.0, "91 3c 40"), (1.0, "b0 78 00"))
    assert (gesture.lift, gesture.end_s) == (0.0, 1.0)


def test_a_silenced_tail_makes_no_second_gesture():
    (gesture,) = gestures((0.0, "91 3c 40"), (1.0, "81 3c 40"), (1.5, "b0 78 00"))
    assert gesture.end_s == 1.0


def test_they_come_in_the_order_of_their_strikes():
    found = gestures((0.0, "91 3c 40"), (1.0, "92 40 40"), (2.0, "82 40 40"), (3.0, "81 3c 40"))
    assert [gesture.note for gesture in found] == [60.0, 64.0]


def test_they_are_ready_for_json():
    (gesture,) = gestures((0.0, "91 3c 40"), (1.0, "d1 7f"), (2.0, "81 3c 40"))
    read = json.loads(json.dumps(gesture.to_dict()))
    assert (read["start_s"], read["end_s"], read["press"]) == (0.0, 2.0, [0.0, 1.0, 1.0])


def test_they_are_read_from_a_file(tmp_path: Path):
    recorder = Recorder()
    recorder.record(1.0, 0, b"\x91\x3c\x40")
    recorder.record(2.0, 0, b"\x81\x3c\x40")
    recorder.export(tmp_path / "take.mid")
    (gesture,) = gestures_of(tmp_path / "take.mid")
    assert gesture.end_s == pytest.approx(1.0)


def test_the_bundled_performance_is_a_gesture_for_every_note():
    path = Path(__file__).parents[2] / "embouchure" / "performance.mid"
    found = gestures_of(path)
    assert len(found) > 10
    assert all(np.all(np.diff(gesture.times_s) > 0) for gesture in found)

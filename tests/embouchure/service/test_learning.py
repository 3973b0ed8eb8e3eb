"""MIDI learn: the controller that is moved does what was asked for, from then on and after a restart."""

from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embouchure.folders import settings_path
from embouchure.parcel import pack
from embouchure.service.bindings import bindings_of, with_binding
from embouchure.service.learning import Target, moved_control
from embouchure.settings import change_settings, load_settings
from mapper.performance import Played
from mapper.stepping import StepControls
from tests.embouchure.service.house import House

TARGETS: Final = get_args(Target)


def hear(house: House, *messages: bytes) -> None:
    """Let the session's guests hear messages, as the journal does."""
    report = {"report": "heard", **pack([Played(0.0, 0, data) for data in messages])}
    for guest in house.stage.guests:
        guest.hear(report)


def test_the_next_controller_that_is_moved_is_bound_and_kept(house: House):
    house.ask("PUT", "/learn", json={"target": "macro-2"})
    assert house.stage.state()["learn"] == "macro-2"
    hear(house, b"\x90\x45\x60", b"\xb0\x4a\x40", b"\xb0\x40\x7f", b"\xb0\x15\x05", b"\xb0\x16\x05")
    assert house.eventually(lambda: house.ask("GET", "/learn")["macro-2"] == 21)
    assert house.told[1]["macro_controls"] == [1, 21, 18, 19]
    assert load_settings().macro_controls == (1, 21, 18, 19)
    assert house.stage.state()["learn"] is None


def test_who_waits_no_more_binds_nothing(house: House):
    house.ask("PUT", "/learn", json={"target": "next"})
    house.ask("DELETE", "/learn")
    hear(house, b"\xb0\x15\x05")
    assert house.engine.told == []


def test_a_controller_can_be_bound_by_its_number(house: House):
    house.ask("PUT", "/learn", json={"target": "next", "control": 30})
    assert house.told[1]["steps"]["next_control"] == 30
    assert load_settings().next_control == 30


def test_a_pedal_that_nobody_bound_is_not_kept(house: House):
    house.stage.set(bindings=bindings_of((1, 17, 18, 19), StepControls(next_control=67)))
    house.ask("PUT", "/learn", json={"target": "macro-2", "control": 21})
    assert load_settings().model_fields_set == {"macro_controls"}


def test_a_pedal_chosen_for_this_session_only_is_kept_where_another_takes_its_place(house: House):
    house.stage.set(bindings=bindings_of((1, 17, 18, 19), StepControls(next_control=30)))
    house.ask("PUT", "/learn", json={"target": "previous", "control": 67})
    kept = load_settings()
    assert (kept.next_control, kept.previous_control) == (30, 67)


def test_a_kept_pedal_that_is_not_used_now_stands_in_nobodys_way(house: House):
    change_settings(next_control=30, previous_control=31)
    played = StepControls(next_control=40, previous_control=31)
    house.stage.set(bindings=bindings_of((1, 17, 18, 19), played))
    house.ask("PUT", "/learn", json={"target": "macro-1", "control": 30})
    kept = load_settings()
    assert (kept.macro_controls[0], kept.next_control, kept.previous_control) == (30, 40, 31)


def test_a_controller_that_means_something_already_is_refused(house: House):
    sentence = house.refuses("PUT", "/learn", json={"target": "next", "control": 74})
    assert "controller 74 cannot be bound" in sentence


def test_the_soft_pedal_can_turn_a_macro(house: House):
    house.ask("PUT", "/learn", json={"target": "macro-1", "control": 67})
    kept = load_settings()
    assert (kept.macro_controls[0], kept.next_control) == (67, None)


def test_what_cannot_be_kept_is_not_bound(house: House):
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text("preset = ")
    house.refuses("PUT", "/learn", json={"target": "macro-1", "control": 30})
    assert house.ask("GET", "/learn")["macro-1"] == 1
    assert "bind" not in dict(house.engine.told)


@given(steps=st.lists(st.tuples(st.sampled_from(TARGETS), st.integers(0, 40)), max_size=20))
def test_no_controller_ever_does_two_things(steps: list[tuple[str, int]]):
    bindings = bindings_of((1, 17, 18, 19), StepControls(next_control=67))
    for target, control in steps:
        bindings = with_binding(bindings, target, control)
        given_ = [one for one in bindings.values() if one is not None]
        assert len(given_) == len(set(given_))
        assert bindings[target] == control
        assert all(bindings[name] is not None for name in TARGETS[:4])


@pytest.mark.parametrize(
    "message", [b"", b"\xb0", b"\xb0\x15\x00", b"\xb0\x7b\x01", b"\xf0\x15\x01"]
)
def test_what_is_no_move_of_a_free_controller_is_none(message: bytes):
    assert moved_control(message) is None

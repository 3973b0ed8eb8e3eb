"""The live state: whoever is behind gets the newest of each field, once."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from embouchure.service.live_state import LiveState

NAMES = ("preset", "macros", "status")
changes = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 3)), max_size=30)


def make_state() -> LiveState:
    return LiveState(**dict.fromkeys(NAMES, 0))


@given(before=changes, after=changes)
def test_a_patch_brings_an_old_snapshot_up_to_date(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
):
    state = make_state()
    for name, value in before:
        state.set(**{name: value})
    number, known = state.since(-1)
    for name, value in after:
        state.set(**{name: value})
    _, patch = state.since(number)
    assert {**known, **patch} == state.snapshot()
    assert set(patch) <= {name for name, _ in after}


def test_what_stays_the_same_is_told_to_nobody():
    state, told = make_state(), []
    state.listen(lambda: told.append(1))
    state.set(preset=0)
    assert told == []


def test_a_listener_that_left_is_told_no_more():
    state, told = make_state(), []
    leave = state.listen(lambda: told.append(state["preset"]))
    state.set(preset=1)
    leave()
    state.set(preset=2)
    assert told == [1]


def test_no_update_is_lost_between_threads():
    state = make_state()

    def count() -> None:
        for _ in range(2000):
            state.update("status", lambda before: before + 1)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state["status"] == 8000

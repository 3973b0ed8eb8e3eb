"""The watchdog: when a device counts as lost."""

from hypothesis import given
from hypothesis import strategies as st

from embouchure.watchdog import LIMIT_S, START_LIMIT_S, Watchdog

STEP_S = 0.05


def seconds_until_stalled(
    dog: Watchdog, frame: int, start_s: float, step_s: float = STEP_S
) -> float:
    """Look on while the counter stands at `frame`."""
    for count in range(1, 10_000):
        if dog.look(start_s + count * step_s, frame):
            return count * step_s
    raise AssertionError("it never barked")


def test_a_device_that_never_asks_is_lost_after_a_second():
    dog = Watchdog()
    dog.look(0.0, 0)
    assert START_LIMIT_S < seconds_until_stalled(dog, 0, 0.0) < START_LIMIT_S + 2 * STEP_S
    assert not dog.has_begun


def test_a_device_that_stops_asking_is_lost_after_half_a_second():
    dog = Watchdog()
    dog.look(0.0, 64)
    assert LIMIT_S < seconds_until_stalled(dog, 64, 0.0) < LIMIT_S + 2 * STEP_S
    assert dog.has_begun


def test_a_device_that_asks_is_never_lost():
    dog = Watchdog()
    assert not any(dog.look(STEP_S * count, 64 * count) for count in range(1000))
    assert dog.is_content


def test_a_machine_that_was_asleep_has_lost_nothing():
    dog = Watchdog()
    dog.look(0.0, 64)
    assert not dog.look(3600.0, 64)
    assert not dog.look(3600.1, 128)


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.booleans()), max_size=200))
def test_it_never_calls_lost_what_asked_within_the_limit(looks: list[tuple[float, bool]]):
    dog, now_s, frame, moved_s = Watchdog(), 0.0, 0, 0.0
    for step_s, asks in looks:
        now_s, frame = now_s + step_s, frame + 64 * asks
        moved_s = now_s if asks else moved_s
        if dog.look(now_s, frame):
            assert now_s - moved_s > LIMIT_S

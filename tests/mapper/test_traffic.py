"""Seeded traffic."""

from itertools import pairwise

from mapper.receiver import Receiver
from mapper.traffic import N_FINGERS, storm, ten_fingers


def test_the_same_seed_gives_the_same_storm():
    assert list(storm(3, 1.0, 1000.0)) == list(storm(3, 1.0, 1000.0))


def test_another_seed_gives_another():
    assert list(storm(3, 1.0, 1000.0)) != list(storm(4, 1.0, 1000.0))


def test_a_storm_keeps_its_rate_and_its_length():
    reads = list(storm(5, 10.0, 4000.0))
    assert 39_000 < len(reads) < 41_000
    assert reads[-1][0] < 10.0


def test_time_never_falls():
    times_s = [time_s for time_s, _ in storm(5, 1.0, 4000.0)]
    assert all(a <= b for a, b in pairwise(times_s))


def test_ten_fingers_send_what_a_linnstrument_can():
    reads = list(ten_fingers(1, 2.0))
    assert len(reads) == 2 * 3750 + 2 * N_FINGERS


def test_ten_fingers_hold_ten_touches():
    receiver = Receiver()
    for time_s, data in ten_fingers(1, 1.0):
        if time_s < 1.0:
            receiver.receive(data, time_s)
    assert len(receiver.touches()) == N_FINGERS

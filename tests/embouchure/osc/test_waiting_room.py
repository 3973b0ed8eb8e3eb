"""What takes long waits in its order, never without bound."""

import threading

from embouchure.osc.waiting_room import WaitingRoom


def test_first_come_is_first_taken() -> None:
    room: WaitingRoom[int] = WaitingRoom(3)
    assert all(room.put("keep", number) for number in (1, 2, 3))
    assert [room.take() for _ in range(3)] == [1, 2, 3]


def test_nobody_gets_in_once_it_is_full() -> None:
    room: WaitingRoom[int] = WaitingRoom(2)
    assert [room.put("keep", number) for number in (1, 2, 3)] == [True, True, False]
    assert room.take() == 1
    assert room.put("keep", 4)


def test_of_a_slider_only_the_newest_waits() -> None:
    room: WaitingRoom[int] = WaitingRoom(2)
    room.put("keep", 1)
    assert all(room.put("morph", number, replaces=True) for number in range(2, 100))
    assert (room.take(), room.take()) == (1, 99)


def test_whoever_waits_is_let_go_when_it_closes() -> None:
    room: WaitingRoom[int] = WaitingRoom(2)
    taken: list[int | None] = []
    waiting = threading.Thread(target=lambda: taken.append(room.take()))
    waiting.start()
    room.close()
    waiting.join(5.0)
    assert taken == [None]

"""The binary sockets of the real service: what is drawn, what is played, and what is refused."""

import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed

from embouchure.own_inputs import SURFACES
from embouchure.service.surfaces import SILENT_S
from embouchure.service.touch_frames import TouchFrame, echo, pack
from mapper.surface import Finger, Phase
from tests.embouchure.service.hostile_surface import Hall, HostileSurface, opened, serving
from tests.embouchure.studio import wait_for

N_FRAMES = 3000
FIVE = TouchFrame(9, 0, tuple(Finger(k, Phase.BEGAN, 60.0 + k) for k in range(5)))


@pytest.fixture(scope="module")
def hall() -> Hall:
    return Hall()


@pytest.fixture(scope="module")
def address(hall: Hall) -> Iterator[str]:
    with serving(hall) as found:
        yield found


def test_a_frame_is_played_and_echoed(hall: Hall, address: str) -> None:
    with opened(f"{address}/touch") as surface:
        surface.send(pack(FIVE))
        assert surface.recv() == echo(FIVE)
        assert hall.n_held() == 5
    assert wait_for(lambda: not hall.n_held(), 2.0)


def test_a_surface_that_falls_silent_holds_nothing(hall: Hall, address: str) -> None:
    with opened(f"{address}/touch") as surface:
        surface.send(pack(FIVE))
        surface.recv()
        time.sleep(0.6 * SILENT_S)
        assert hall.n_held() == 5
        assert wait_for(lambda: not hall.n_held(), SILENT_S)


def test_a_fifth_surface_is_told_that_there_is_no_room(hall: Hall, address: str) -> None:
    with ExitStack() as stack:
        for _ in SURFACES:
            surface = stack.enter_context(opened(f"{address}/touch"))
            surface.send(pack(FIVE))
            surface.recv()
        fifth = stack.enter_context(opened(f"{address}/touch"))
        with pytest.raises(ConnectionClosed, match="close one"):
            fifth.recv()
    assert wait_for(lambda: not hall.n_held(), 2.0)


def test_whatever_a_surface_sends_no_touch_is_left(hall: Hall, address: str) -> None:
    hostile = HostileSurface(address, seed=1)
    hostile.play(N_FRAMES)
    assert hostile.n_refused > N_FRAMES / 100
    assert len(hostile.reasons) >= 5
    assert all(one.startswith("1008 ") and one.endswith(".") for one in hostile.reasons)
    assert wait_for(lambda: not hall.n_held(), 2.0)


def test_a_page_sees_every_voice_at_no_more_than_sixty_frames_a_second(address: str) -> None:
    with opened(f"{address}/view") as page:
        started_s = time.monotonic()
        for n_seen in range(1, 31):
            frame = page.recv()
            assert isinstance(frame, bytes)
            page.send(b"\0")
        seconds = time.monotonic() - started_s
    version, n_voices = frame[:2]
    assert (version, n_voices, len(frame)) == (1, 1, 24 + 44)
    assert n_seen / seconds < 63


def test_a_page_that_does_not_acknowledge_gets_no_further_frame(address: str) -> None:
    with opened(f"{address}/view") as page:
        first = page.recv()
        with pytest.raises(TimeoutError):
            page.recv(timeout=0.3)
        page.send(b"\0")
        second = page.recv(timeout=2.0)
    counters = [struct.unpack_from("<I", bytes(frame), 4)[0] for frame in (first, second)]
    assert counters[1] > counters[0]


@pytest.mark.parametrize("answer", [b"", b"\0" * 5000, "yes", b"\xff"])
def test_whatever_a_page_answers_the_next_one_is_shown(address: str, answer: bytes | str) -> None:
    with opened(f"{address}/view") as page:
        page.recv()
        page.send(answer)
    with opened(f"{address}/view") as page:
        assert page.recv(timeout=2.0)

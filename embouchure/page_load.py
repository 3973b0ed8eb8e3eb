"""The load that `embouchure bench --page` puts on the service: a page, clients, surfaces and a finger.

It is a process of its own, as browsers are, and ends by printing what it saw as JSON.
"""

import asyncio
import json
import math
import random
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

from embouchure.service.touch_frames import TouchFrame, pack
from mapper.surface import Finger, Phase

N_CLIENTS: Final = 3
N_SURFACES: Final = 2
N_TOUCHES: Final = 10
FRAMES_HZ: Final = 60.0
PROBE_NOTE: Final = 90.0
"""The finger that is timed plays from here on, where no other does."""
PROBE_EVERY_S: Final = 0.15
PROBE_HELD_S: Final = 0.05


class Load:
    """Everything at once, for some seconds."""

    def __init__(self, address: str, seconds: float) -> None:
        self._address = address.replace("http", "ws") + "/api/v1"
        self._seconds = seconds
        self._all_are_open = asyncio.Barrier(2 + N_CLIENTS + N_SURFACES)
        self._until_s = math.inf
        self.frames_s: list[float] = []
        self.strikes: list[tuple[float, float]] = []
        self.echoes_s: list[float] = []

    async def run(self) -> dict[str, Any]:
        """Bear on the service, and tell what was seen."""
        await asyncio.gather(
            self._page(),
            *(self._client() for _ in range(N_CLIENTS)),
            *(self._surface(number) for number in range(N_SURFACES)),
            self._finger(),
        )
        return {"frames_s": self.frames_s, "strikes": self.strikes, "echoes_s": self.echoes_s}

    def _goes_on(self) -> bool:
        return time.perf_counter() < self._until_s

    @asynccontextmanager
    async def _open(self, path: str) -> AsyncIterator[ClientConnection]:
        """Connect, and begin together with all others."""
        async with connect(f"{self._address}/{path}", compression=None) as opened:
            await self._all_are_open.wait()
            self._until_s = time.perf_counter() + self._seconds
            yield opened

    async def _page(self) -> None:
        async with self._open("view") as page:
            while self._goes_on():
                await page.recv()
                self.frames_s.append(time.perf_counter())
                await page.send(b"\0")

    async def _client(self) -> None:
        async with self._open("state") as client:
            while self._goes_on():
                await asyncio.wait_for(client.recv(), 2.0)

    async def _surface(self, number: int) -> None:
        """Move ten fingers in every frame."""
        async with self._open("touch") as surface:
            next_s = time.perf_counter()
            for sequence in range(1 << 30):
                await self._say(surface, sequence, _ten_fingers(number, next_s))
                await surface.recv()
                if not self._goes_on():
                    return
                next_s += 1.0 / FRAMES_HZ
                await asyncio.sleep(next_s - time.perf_counter())

    async def _finger(self) -> None:
        """Strike and lift one finger at times that nothing else knows."""
        rng = random.Random(1)
        async with self._open("touch") as surface:
            sequence = 0
            while self._goes_on():
                await asyncio.sleep(PROBE_EVERY_S * rng.uniform(0.5, 1.5))
                note = PROBE_NOTE + 0.25 * (len(self.strikes) % 100)
                struck_s = time.perf_counter()
                self.strikes.append((note, struck_s))
                finger = Finger(1 + sequence % 1000, Phase.BEGAN, note, 0.0, 0.5, 0.5, 0.7)
                await self._say(surface, sequence, (finger,))
                await surface.recv()
                self.echoes_s.append(time.perf_counter() - struck_s)
                await asyncio.sleep(PROBE_HELD_S)
                await self._say(surface, sequence + 1, ())
                await surface.recv()
                sequence += 2

    async def _say(
        self, surface: ClientConnection, sequence: int, fingers: tuple[Finger, ...]
    ) -> None:
        await surface.send(pack(TouchFrame(sequence % 65536, 0, fingers)))


def _ten_fingers(surface: int, time_s: float) -> tuple[Finger, ...]:
    """Place ten fingers that glide, press and slide, each at its own speed."""
    swing = [math.sin(time_s * (2.0 + 0.3 * finger)) for finger in range(N_TOUCHES)]
    return tuple(
        Finger(
            number=finger,
            phase=Phase.MOVES,
            note=48.0 + 12.0 * surface + finger,
            glide_semitones=0.4 * swing[finger],
            press=0.4 + 0.2 * swing[finger - 1],
            slide=0.5 + 0.4 * swing[finger - 2],
            strike=0.6,
        )
        for finger in range(N_TOUCHES)
    )


def sink() -> socket.socket:
    """Open a port where OSC may go."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


def main() -> None:
    """Run the process: its arguments are the service's address and the seconds."""
    with closing(sys.stdout) as told:
        told.write(json.dumps(asyncio.run(Load(sys.argv[1], float(sys.argv[2])).run())))


if __name__ == "__main__":
    main()

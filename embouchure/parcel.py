"""A parcel: what was played as one line's worth of text, packed so quickly that no note waits."""

import struct
from collections.abc import Iterator, Mapping, Sequence

from mapper.performance import Played

Parcel = dict[str, str]
"""Columns in hexadecimal: times as doubles, ports and sizes as 32-bit integers, then the bytes."""


def pack(heard: Sequence[Played]) -> Parcel:
    """Pack messages; the reverse of `unpack`. It runs beside the MIDI threads, so in C throughout."""
    times_s, ports, data = zip(*heard, strict=True)
    n = len(heard)
    return {
        "times_s": struct.pack(f"<{n}d", *times_s).hex(),
        "ports": struct.pack(f"<{n}I", *ports).hex(),
        "sizes": struct.pack(f"<{n}I", *map(len, data)).hex(),
        "data": b"".join(data).hex(),
    }


def unpack(parcel: Mapping[str, str]) -> Iterator[Played]:
    """Unpack what `pack` packed."""
    n = len(parcel["ports"]) // 8
    times_s = struct.unpack(f"<{n}d", bytes.fromhex(parcel["times_s"]))
    ports = struct.unpack(f"<{n}I", bytes.fromhex(parcel["ports"]))
    sizes = struct.unpack(f"<{n}I", bytes.fromhex(parcel["sizes"]))
    data, at = bytes.fromhex(parcel["data"]), 0
    for time_s, port, size in zip(times_s, ports, sizes, strict=True):
        yield Played(time_s, port, data[at : at + size])
        at += size

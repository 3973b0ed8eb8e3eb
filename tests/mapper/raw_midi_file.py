"""Standard MIDI Files put together byte by byte, for the tests of what reads them."""

import struct

END = "00 ff 2f 00"


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk with its length."""
    return name + struct.pack(">I", len(body)) + body


def raw_file(
    *tracks: str, file_format: int = 1, division: int = 480, n_tracks: int | None = None
) -> bytes:
    """A file of tracks given in hex; its header may say another number of tracks."""
    bodies = [bytes.fromhex(track) for track in tracks]
    header = struct.pack(
        ">HHh", file_format, len(bodies) if n_tracks is None else n_tracks, division
    )
    return chunk(b"MThd", header) + b"".join(chunk(b"MTrk", body) for body in bodies)

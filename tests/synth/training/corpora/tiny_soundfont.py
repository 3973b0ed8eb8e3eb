"""A tiny soundfont: one looped sine, in as many presets as are asked for."""

import io
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE_HZ = 32_000
ROOT_KEY = 69
PERIOD = 80
"""Samples of a period: 400 Hz, which the sample's correction of cents makes 440 at its key."""


def chunk(key: bytes, data: bytes) -> bytes:
    return key + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def listed(key: bytes, *chunks: bytes) -> bytes:
    return chunk(b"LIST", key + b"".join(chunks))


def name(text: str) -> bytes:
    return text.encode()[:20].ljust(20, b"\0")


def vorbis(sine: NDArray[np.float64]) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sine, RATE_HZ, format="OGG", subtype="VORBIS")
    return file.getvalue()


def tiny_soundfont(
    path: Path,
    presets: Sequence[tuple[int, int, str]] = ((0, 0, "Test Flute"), (8, 4, "Odd Sound")),
    texts: Sequence[tuple[bytes, str]] = ((b"INAM", "Tiny"), (b"ICMT", "Public domain.")),
    cents: int = 165,
) -> Path:
    """Presets are (bank, program, name); `cents` tunes the sample. One named .sf3 is compressed."""
    sine = 0.37 * np.sin(2 * np.pi * np.arange(20 * PERIOD) / PERIOD)
    compressed = path.suffix == ".sf3"
    samples = vorbis(sine) if compressed else np.round(32_767 * sine).astype("<i2").tobytes()
    end, kind = (len(samples), 0x11) if compressed else (len(sine), 1)
    n, one = len(presets), struct.pack
    phdr = b"".join(
        name(text) + one("<HHHIII", program, bank, i, 0, 0, 0)
        for i, (bank, program, text) in enumerate(presets)
    ) + name("EOP") + one("<HHHIII", 0, 0, n, 0, 0, 0)  # fmt: skip
    pbag = b"".join(one("<HH", i, 0) for i in range(n + 1))
    pgen = one("<HH", 41, 0) * n + one("<HH", 0, 0)
    inst = name("sine") + one("<H", 0) + name("EOI") + one("<H", 1)
    igen = one("<HH", 54, 1) + one("<HH", 53, 0) + one("<HH", 0, 0)
    shdr = name("sine") + one(
        "<IIIIIBbHH", 0, end, PERIOD, 19 * PERIOD, RATE_HZ, ROOT_KEY, 0, 0, kind
    ) + name("EOS") + one("<IIIIIBbHH", *[0] * 9)  # fmt: skip
    tuned = one("<HH", 52, cents - 100) + one("<HH", 51, 1)
    igen = tuned + igen
    path.write_bytes(
        chunk(
            b"RIFF",
            b"sfbk"
            + listed(
                b"INFO",
                chunk(b"ifil", one("<HH", 3 if compressed else 2, 1)),
                *(chunk(key, text.encode() + b"\0" * (2 - len(text) % 2)) for key, text in texts),
            )
            + listed(b"sdta", chunk(b"smpl", samples + b"\0" * 92))
            + listed(
                b"pdta", chunk(b"phdr", phdr), chunk(b"pbag", pbag), chunk(b"pmod", b"\0" * 10),
                chunk(b"pgen", pgen), chunk(b"inst", inst),
                chunk(b"ibag", one("<HHHH", 0, 0, 4, 0)), chunk(b"imod", b"\0" * 10),
                chunk(b"igen", igen), chunk(b"shdr", shdr),
            ),
        )
    )  # fmt: skip
    return path

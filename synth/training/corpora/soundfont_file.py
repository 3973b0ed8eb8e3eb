"""What a soundfont's file says of itself: its presets, who made it, and under which licence."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from synth.training.corpora.licences import licence_in
from synth.training.corpus import CorpusError

PRESET: Final = struct.Struct("<20sHHHIII")
"""A record of `phdr` (SoundFont 2.04, 7.2): name, program, bank, and what players need."""
TEXTS: Final = {"INAM": "name", "IENG": "author", "ICOP": "copyright", "ICMT": "comment"}
DRUM_BANK: Final = 128
LONGEST_TEXT: Final = 65_536
LONGEST_PRESETS: Final = 65_536 * PRESET.size
MOST_LINES: Final = 6
"""Some fonts' comments are books."""


class Preset(NamedTuple):
    """One sound of a soundfont, where MIDI selects it."""

    bank: int
    program: int
    name: str


class SoundfontCard(NamedTuple):
    """What a soundfont's file says of itself."""

    name: str
    licence: str
    provenance: list[str]
    presets: list[Preset]

    @property
    def is_general_midi(self) -> bool:
        """Whether its first bank is filled, so that its programs mean what General MIDI says."""
        return len({one.program for one in self.presets if one.bank == 0}) >= 100


def read_card(path: Path) -> SoundfontCard:
    """Read the presets and texts of an SF2 or SF3 file.

    Raises
    ------
    CorpusError
        When the file cannot be read or is no soundfont.
    """
    try:
        with path.open("rb") as file:
            chunks = dict(_chunks(file))
    except OSError as error:
        raise CorpusError(
            f"the soundfont {path} cannot be read ({error.strerror}); name an SF2 or SF3 file"
        ) from None
    except (struct.error, EOFError):
        chunks = {}
    presets = sorted(_presets(chunks.get("phdr", b"")))
    if not presets:
        raise CorpusError(f"{path} is not a soundfont, or has no sounds; name an SF2 or SF3 file")
    texts = {word: _text(chunks[key]) for key, word in TEXTS.items() if key in chunks}
    lines = [line for word in ("author", "copyright", "comment") for line in _lines(texts, word)]
    return SoundfontCard(
        name=_line(texts.get("name", "")) or path.stem,
        licence=licence_in(" ".join(lines)),
        provenance=lines[:MOST_LINES],
        presets=presets,
    )


def _chunks(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Read the texts and the presets, and skip over the samples."""
    riff, _, form = struct.unpack("<4sI4s", file.read(12))
    if (riff, form) != (b"RIFF", b"sfbk"):
        raise EOFError
    while len(head := file.read(8)) == 8:
        key, size = struct.unpack("<4sI", head)
        if key == b"LIST":
            if file.read(4) == b"sdta":
                file.seek(size - 4 + size % 2, 1)
            continue
        wanted = key == b"phdr" or key.decode("latin-1") in TEXTS
        if wanted and size <= LONGEST_PRESETS:
            yield key.decode("latin-1"), file.read(size)
            file.seek(size % 2, 1)
        else:
            file.seek(size + size % 2, 1)


def _presets(records: bytes) -> Iterator[Preset]:
    """Read `phdr`, whose last record only ends it."""
    whole = len(records) // PRESET.size * PRESET.size
    for name, program, bank, *_ in list(PRESET.iter_unpack(records[:whole]))[:-1]:
        if program < 128 and bank < DRUM_BANK:
            yield Preset(bank, program, _line(_text(name)) or f"bank {bank} program {program}")


def _text(data: bytes) -> str:
    """Decode text up to its end, without what cannot be printed."""
    words = data[:LONGEST_TEXT].split(b"\0")[0].decode("latin-1")
    return "".join(c if c.isprintable() else "\n" for c in words).strip()


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(texts: dict[str, str], word: str) -> list[str]:
    found = [line.strip() for line in texts.get(word, "").splitlines() if line.strip()]
    return [f"{word.capitalize()}: {line}" for line in found]

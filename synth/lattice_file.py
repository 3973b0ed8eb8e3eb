"""The file of a lattice: safetensors whose table is mapped into memory and never copied.

It is written from one end to the other beside its place, so what an interrupted run left there
tells by its length alone how far it came, and takes its name when it is whole.
"""

import json
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from synth.lattice import FORMAT, Lattice, LatticeCard
from synth.space import SpaceError

PARTIAL: Final = ".partial"
HEADER_BYTES: Final = 262_144
"""What stands before the numbers, so that the card can take figures when the table is done."""
LENGTH_BYTES: Final = 8
TABLE: Final = "table"
TYPES: Final = {"<f4": "F32", "<i2": "I16"}
"""What safetensors calls a type."""

Rows = Callable[[int], NDArray[np.int16]]
Progress = Callable[[int, int], None]


def write_lattice(
    path: Path,
    card: LatticeCard,
    arrays: dict[str, NDArray[np.float32]],
    rows: Rows,
    judge: Callable[[Lattice], dict[str, float]],
    tell: Progress = lambda done, total: None,
) -> Lattice:
    """Write a lattice, whole or not at all, going on where an earlier run of the same was left.

    Parameters
    ----------
    path
        Its place; `.partial` is added until it is whole.
    arrays
        All but the table.
    rows
        Gives the table's part for one code, shape (n_notes, n_loudness, PADDED_CONTROLS).
    judge
        Measures the figures of the card once the table is there.
    tell
        Told how many codes are done, and how many there are.

    Raises
    ------
    SpaceError
        When the place cannot be written.
    """
    partial = path.with_name(path.name + PARTIAL)
    head = _header(card) + b"".join(arrays[name].tobytes() for name in _names(card)[:-1])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _opened(partial, head) as file:
            _fill(file, card, len(head), rows, tell)
            figures = judge(open_lattice(partial))
            file.seek(0)
            file.write(_header(card.model_copy(update={"figures": figures})))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise SpaceError(
            f"the cache {path} cannot be written ({error.strerror}); make room there and run the "
            "same command again, which goes on from here"
        ) from None
    return open_lattice(path)


@contextmanager
def _opened(partial: Path, head: bytes) -> Iterator[BinaryIO]:
    """Open what an earlier run left, if it began as this one does, or begin."""
    mode = "r+b" if _begins(partial, head) else "w+b"
    with cast(BinaryIO, partial.open(mode)) as file:
        if mode == "w+b":
            file.write(head)
        yield file


def _begins(partial: Path, head: bytes) -> bool:
    try:
        with partial.open("rb") as file:
            return file.read(len(head)) == head
    except FileNotFoundError:
        return False


def _fill(file: BinaryIO, card: LatticeCard, at: int, rows: Rows, tell: Progress) -> None:
    """Write the part of each code that is not there yet."""
    kind, shape = card.shapes()[TABLE]
    size = kind.itemsize * int(np.prod(shape[1:]))
    n_done = (file.seek(0, os.SEEK_END) - at) // size
    file.truncate(at + n_done * size)
    file.seek(at + n_done * size)
    for code in range(n_done, shape[0]):
        tell(code, shape[0])
        file.write(np.ascontiguousarray(rows(code), kind).tobytes())
    file.flush()
    tell(shape[0], shape[0])


def _names(card: LatticeCard) -> list[str]:
    return list(card.shapes())


def _header(card: LatticeCard) -> bytes:
    """Write safetensors' header, padded with blanks as its format allows."""
    entries: dict[str, Any] = {"__metadata__": {"card": card.model_dump_json()}}
    at = 0
    for name, (kind, shape) in card.shapes().items():
        end = at + kind.itemsize * int(np.prod(shape))
        entries[name] = {"dtype": TYPES[kind.str], "shape": shape, "data_offsets": [at, end]}
        at = end
    text = json.dumps(entries).encode()
    room = HEADER_BYTES - LENGTH_BYTES
    if len(text) > room:
        raise SpaceError("the cache's provenance is too long to be kept; shorten the space's")
    return room.to_bytes(LENGTH_BYTES, "little") + text.ljust(room)


def read_card(path: Path) -> LatticeCard:
    """Read what a lattice is, without its numbers.

    Raises
    ------
    SpaceError
        When the file is missing, damaged or of another format.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
    except OSError as error:
        raise SpaceError(
            f"the cache {path} cannot be read ({error.strerror}); build it again"
        ) from None
    try:
        text = json.loads(head[LENGTH_BYTES:])["__metadata__"]["card"]
        card = LatticeCard.model_validate_json(text)
        if head == _header(card):
            return card
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        pass
    raise SpaceError(f"{path} is damaged or no cache of format {FORMAT}; build it again")


def open_lattice(path: Path) -> Lattice:
    """Map a lattice into memory, read-only, and touch every page of it.

    What the audio thread looks up afterwards is in memory already, as long as the machine has
    room. Housekeeping thread.

    Raises
    ------
    SpaceError
        As `read_card` does, and when it was cut short.
    """
    card = read_card(path)
    if path.stat().st_size != HEADER_BYTES + card.n_bytes:
        raise SpaceError(f"{path} is damaged: its length is wrong; build it again")
    whole = np.asarray(np.memmap(path, np.uint8, "r"))
    arrays, at = {}, HEADER_BYTES
    for name, (kind, shape) in card.shapes().items():
        end = at + kind.itemsize * int(np.prod(shape))
        arrays[name] = whole[at:end].view(kind).reshape(shape)
        at = end
    touch_pages(whole)
    return Lattice(card, arrays)


def touch_pages(mapped: NDArray[np.uint8]) -> int:
    """Read a byte of every page, so that the next reader need not wait for the disk."""
    return int(mapped[:: mmap.PAGESIZE].sum(dtype=np.int64))

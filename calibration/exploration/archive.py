"""The archive: the candidates of one exploration on disk, with what was rendered of each."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.candidate import Candidate
from calibration.exploration.description import Description
from calibration.exploration.index import INSERT, Index, columns, damaged
from calibration.exploration.preview import Preview
from calibration.exploration.shelf import ExplorationError
from mapper.whole_file import remove_partials, write_whole
from synth.moving.fingerprint import SIZE

PREVIEWS: Final = "previews"
SUFFIX: Final = ".flac"
KEPT: Final = "description IS NOT NULL"
UPDATE: Final = (
    "UPDATE candidates SET refused = ?, description = ?, fingerprint = ? WHERE number = ?"
)


class Found(NamedTuple):
    """A candidate that was rendered and kept."""

    number: int
    candidate: Candidate
    description: Description
    fingerprint: NDArray[np.float64]


class Archive:
    """Candidates in the index, and previews beside it; for one thread."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.folder = index.folder
        self.settings = index.settings

    def waiting(self) -> list[tuple[int, Candidate]]:
        """Candidates that were not yet rendered, in order; what a killed rendering left is tidied."""
        remove_partials(self.folder / PREVIEWS)
        rows = self._index.rows(
            "SELECT number, genome FROM candidates "
            "WHERE description IS NULL AND refused IS NULL ORDER BY number"
        )
        try:
            return [(number, Candidate.model_validate_json(genome)) for number, genome in rows]
        except ValueError:
            raise damaged(self.folder) from None

    def n_kept(self, *, bred: bool = False) -> int:
        """Count the candidates that were rendered and kept: those drawn, or those bred."""
        return self._count(f"{KEPT} AND bred = {int(bred)}")

    def n_refused(self) -> int:
        """Count the candidates that a guard left out."""
        return self._count("refused IS NOT NULL")

    def _count(self, which: str) -> int:
        return int(self._index.rows(f"SELECT count(*) FROM candidates WHERE {which}")[0][0])

    def keep(self, results: Iterable[tuple[int, Candidate, Preview]]) -> None:
        """Keep what was rendered; previews come first, so no row ever lacks its own."""
        rendered = list(results)
        self._write_previews((c, p) for _, c, p in rendered)
        with self._index.change() as index:
            index.executemany(UPDATE, [(*_columns(p), number) for number, _, p in rendered])

    def add(self, results: Sequence[tuple[Candidate, Preview]]) -> list[int]:
        """Add candidates that were bred, already rendered, and return their numbers.

        One that another program has bred meanwhile keeps its number.
        """
        self._write_previews(results)
        with self._index.change() as index:
            index.execute("BEGIN IMMEDIATE")
            return [_added(index, *one) for one in results]

    def _write_previews(self, rendered: Iterable[tuple[Candidate, Preview]]) -> None:
        for candidate, preview in rendered:
            if preview.refused is None:
                write_preview(self.preview_path(candidate), preview.flac)

    def found(self) -> list[Found]:
        """Every sound that was kept, in order of number."""
        rows = self._index.rows(
            "SELECT number, genome, description, fingerprint FROM candidates "
            f"WHERE {KEPT} ORDER BY number"
        )
        try:
            return [_found(row) for row in rows]
        except ValueError:
            raise damaged(self.folder) from None

    def preview_path(self, candidate: Candidate, what: str = "") -> Path:
        """Where a preview is kept, by the candidate's content and what is played of it."""
        what = what or f"{self.settings.note:g}".replace(".", "_")
        return self.folder / PREVIEWS / f"{candidate.key}-{what}{SUFFIX}"

    def size_bytes(self) -> int:
        """Room the whole exploration takes on disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()


def write_preview(path: Path, flac: bytes) -> None:
    """Keep a preview, unless it is there: its name says what is in it.

    Raises
    ------
    ExplorationError
        When the folder cannot be written to.
    """
    if path.exists():
        return
    try:
        path.parent.mkdir(exist_ok=True)
        write_whole(path, flac, keeps_old=False)
    except OSError as error:
        raise ExplorationError(
            f"the preview {path} cannot be written: {error.strerror}; make room and go on with "
            "`embouchure explore new`"
        ) from None


def _added(index: sqlite3.Connection, candidate: Candidate, preview: Preview) -> int:
    """Keep a candidate under the number that it has, or under the next."""
    known = index.execute("SELECT number FROM candidates WHERE key = ?", (candidate.key,))
    newest = index.execute("SELECT max(number) FROM candidates")
    found = known.fetchone()
    number = int(found[0] if found else newest.fetchone()[0] + 1)
    if not found:
        index.execute(INSERT, columns(number, candidate))
    index.execute(UPDATE, (*_columns(preview), number))
    return number


def _columns(preview: Preview) -> tuple[str | None, str | None, bytes | None]:
    if preview.description is None or preview.fingerprint is None:
        return preview.refused, None, None
    described = preview.description.model_dump_json()
    return None, described, preview.fingerprint.astype("<f2").tobytes()


def _found(row: tuple[int, bytes, bytes, bytes]) -> Found:
    number, genome, description, fingerprint = row
    return Found(
        number,
        Candidate.model_validate_json(genome),
        Description.model_validate_json(description),
        np.frombuffer(fingerprint, "<f2").astype(np.float64).reshape(SIZE),
    )

"""The archive: one exploration on disk, every change of it whole or not at all."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from calibration.exploration.candidate import Candidate
from calibration.exploration.description import Description
from calibration.exploration.preview import Preview
from calibration.exploration.shelf import INDEX, ExplorationError, Settings, exploration_names
from mapper.whole_file import write_whole

PREVIEWS: Final = "previews"
SUFFIX: Final = ".flac"
SCHEMA: Final = """
CREATE TABLE settings (card TEXT NOT NULL);
CREATE TABLE candidates (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, genome TEXT NOT NULL,
    bred INTEGER NOT NULL, refused TEXT, description TEXT, fingerprint BLOB
);
CREATE TABLE stars (number INTEGER PRIMARY KEY REFERENCES candidates);
CREATE TABLE shown (number INTEGER NOT NULL REFERENCES candidates, page INTEGER NOT NULL);
"""
KEPT: Final = "description IS NOT NULL"
WAITING: Final = "description IS NULL AND refused IS NULL"
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
    """The index and the previews of one exploration; for one thread."""

    def __init__(self, folder: Path) -> None:
        if not (folder / INDEX).exists():
            known = ", ".join(exploration_names()) or "none yet"
            raise ExplorationError(
                f"there is no exploration {folder.name} (there are: {known}); begin one with "
                "`embouchure explore new`"
            )
        self.folder = folder
        try:
            self._index = sqlite3.connect(folder / INDEX, timeout=30.0)
            card = self._index.execute("SELECT card FROM settings").fetchone()[0]
            self.settings = Settings.model_validate_json(card)
        except (sqlite3.DatabaseError, ValidationError, TypeError):
            raise ExplorationError(
                f"the exploration {folder.name} is damaged; delete the folder {folder} and begin it "
                "anew"
            ) from None

    @classmethod
    def create(cls, folder: Path, settings: Settings, candidates: Sequence[Candidate]) -> "Archive":
        """Begin an exploration with its candidates in order; numbers count from 1."""
        (folder / PREVIEWS).mkdir(parents=True, exist_ok=True)
        partial = folder / f".{INDEX}.partial"
        partial.unlink(missing_ok=True)
        index = sqlite3.connect(partial)
        with index:
            index.executescript(SCHEMA)
            index.execute("INSERT INTO settings VALUES (?)", (settings.model_dump_json(),))
            _insert(index, enumerate(candidates, start=1))
        index.close()
        partial.replace(folder / INDEX)
        return cls(folder)

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Make changes that all happen or none."""
        try:
            with self._index:
                yield self._index
        except sqlite3.OperationalError as error:
            raise ExplorationError(
                f"the exploration {self.settings.name} cannot be written ({error}); make room, or "
                "end the other program that writes it"
            ) from None

    def waiting(self) -> list[tuple[int, Candidate]]:
        """Candidates that were not yet rendered, in order."""
        rows = self._index.execute(
            f"SELECT number, genome FROM candidates WHERE {WAITING} ORDER BY number"
        )
        return [(number, Candidate.model_validate_json(genome)) for number, genome in rows]

    def n_kept(self, *, bred: bool = False) -> int:
        """Count the candidates that were rendered and kept: those drawn, or those bred."""
        return self._count(f"candidates WHERE {KEPT} AND bred = {int(bred)}")

    def n_refused(self) -> int:
        """Count the candidates that a guard left out."""
        return self._count("candidates WHERE refused IS NOT NULL")

    def _count(self, what: str) -> int:
        return int(self._index.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

    def keep(self, results: Iterable[tuple[int, Candidate, Preview]]) -> None:
        """Keep what was rendered; previews come first, so no row ever lacks its own."""
        results = list(results)
        for _, candidate, preview in results:
            if preview.refused is None:
                write_preview(self.preview_path(candidate), preview.flac)
        with self.change() as index:
            index.executemany(UPDATE, [(*_columns(p), number) for number, _, p in results])

    def add(self, results: Sequence[tuple[Candidate, Preview]]) -> list[int]:
        """Add candidates that were bred, already rendered, and return their numbers."""
        first = int(self._index.execute("SELECT max(number) FROM candidates").fetchone()[0]) + 1
        numbered = [
            (first + i, candidate, preview) for i, (candidate, preview) in enumerate(results)
        ]
        with self.change() as index:
            _insert(index, [(number, candidate) for number, candidate, _ in numbered])
            for _, candidate, preview in numbered:
                write_preview(self.preview_path(candidate), preview.flac)
            index.executemany(UPDATE, [(*_columns(p), number) for number, _, p in numbered])
        return [number for number, _, _ in numbered]

    def found(self) -> list[Found]:
        """Every sound that was kept, in order of number."""
        rows = self._index.execute(
            "SELECT number, genome, description, fingerprint FROM candidates "
            f"WHERE {KEPT} ORDER BY number"
        )
        return [_found(row) for row in rows]

    def preview_path(self, candidate: Candidate, what: str = "") -> Path:
        """Where a preview is kept, by the candidate's content and what is played of it."""
        what = what or f"{self.settings.note:g}".replace(".", "_")
        return self.folder / PREVIEWS / f"{candidate.key}-{what}{SUFFIX}"

    def starred(self) -> list[int]:
        """Numbers of the sounds the player likes."""
        return [row[0] for row in self._index.execute("SELECT number FROM stars ORDER BY number")]

    def star(self, numbers: Iterable[int]) -> None:
        """Remember that the player likes these."""
        with self.change() as index:
            index.executemany("INSERT OR IGNORE INTO stars VALUES (?)", [(n,) for n in numbers])

    def unstar(self, numbers: Iterable[int]) -> None:
        """Forget it again."""
        with self.change() as index:
            index.executemany("DELETE FROM stars WHERE number = ?", [(n,) for n in numbers])

    def pages(self) -> list[list[int]]:
        """Numbers on each page that was shown, in order."""
        pages: dict[int, list[int]] = {}
        rows = self._index.execute("SELECT page, number FROM shown ORDER BY page, rowid")
        for page, number in rows:
            pages.setdefault(page, []).append(number)
        return [pages[page] for page in sorted(pages)]

    def show(self, numbers: Iterable[int]) -> None:
        """Remember a page that was shown."""
        page = len(self.pages())
        with self.change() as index:
            index.executemany("INSERT INTO shown VALUES (?, ?)", [(n, page) for n in numbers])

    def size_bytes(self) -> int:
        """Room the whole exploration takes on disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def write_preview(path: Path, flac: bytes) -> None:
    """Keep a preview, unless it is there: its name says what is in it."""
    if path.exists():
        return
    try:
        write_whole(path, flac, keeps_old=False)
    except OSError as error:
        raise ExplorationError(
            f"the preview {path} cannot be written: {error.strerror}; make room and go on with "
            "`embouchure explore new`"
        ) from None


def _insert(index: sqlite3.Connection, numbered: Iterable[tuple[int, Candidate]]) -> None:
    index.executemany(
        "INSERT INTO candidates (number, key, genome, bred) VALUES (?, ?, ?, ?)",
        [(number, c.key, c.model_dump_json(), c.kind == "bred") for number, c in numbered],
    )


def _columns(preview: Preview) -> tuple[str | None, str | None, bytes | None]:
    if preview.description is None or preview.fingerprint is None:
        return preview.refused, None, None
    described = preview.description.model_dump_json()
    return None, described, preview.fingerprint.astype("<f2").tobytes()


def _found(row: tuple[int, str, str, bytes]) -> Found:
    number, genome, description, fingerprint = row
    return Found(
        number,
        Candidate.model_validate_json(genome),
        Description.model_validate_json(description),
        np.frombuffer(fingerprint, "<f2").astype(np.float64),
    )

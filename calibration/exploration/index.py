"""The index of an exploration: one SQLite file, every change of it whole or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from calibration.exploration.candidate import Candidate
from calibration.exploration.shelf import INDEX, ExplorationError, Settings

SCHEMA: Final = """
CREATE TABLE settings (card TEXT NOT NULL) STRICT;
CREATE TABLE candidates (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, genome TEXT NOT NULL,
    bred INTEGER NOT NULL, refused TEXT, description TEXT, fingerprint BLOB
) STRICT;
CREATE TABLE stars (number INTEGER PRIMARY KEY REFERENCES candidates) STRICT;
CREATE TABLE shown (
    number INTEGER NOT NULL REFERENCES candidates, page INTEGER NOT NULL
) STRICT;
"""
INSERT: Final = "INSERT INTO candidates (number, key, genome, bred) VALUES (?, ?, ?, ?)"
PATIENCE_S: Final = 30.0
"""How long another program that writes is waited for."""


class Index:
    """An open index; for one thread. Text is read as bytes, for its readers to decode or refuse.

    Raises
    ------
    ExplorationError
        Here and in every method, when the file is damaged or cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with self._told():
            self._sqlite = sqlite3.connect(folder / INDEX, timeout=PATIENCE_S)
            self._sqlite.text_factory = bytes
            if self.rows("PRAGMA quick_check") != [(b"ok",)]:
                raise damaged(folder)
            self.settings = Settings.model_validate_json(
                self.rows("SELECT card FROM settings")[0][0]
            )

    @classmethod
    def create(cls, folder: Path, settings: Settings, candidates: list[Candidate]) -> "Index":
        """Begin an index with candidates in order, whose numbers count from 1."""
        partial = folder / f".{INDEX}.partial"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            partial.unlink(missing_ok=True)
            begun = sqlite3.connect(partial)
            with begun:
                begun.executescript(SCHEMA)
                begun.execute("INSERT INTO settings VALUES (?)", (settings.model_dump_json(),))
                begun.executemany(INSERT, map(columns, range(1, len(candidates) + 1), candidates))
            begun.close()
            partial.replace(folder / INDEX)
        except (OSError, sqlite3.OperationalError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise ExplorationError(
                f"an exploration cannot be kept in {folder} ({reason}); make room, or look at its rights"
            ) from None
        return cls(folder)

    def rows(self, query: str, *values: object) -> list[Any]:
        """Read what a query finds."""
        with self._told():
            return self._sqlite.execute(query, values).fetchall()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Make changes that all happen or none."""
        with self._told(), self._sqlite:
            yield self._sqlite

    def close(self) -> None:
        """Let go of the file."""
        self._sqlite.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one sentence what is wrong with the file."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise ExplorationError(
                f"the exploration in {self.folder} cannot be read or written ({error}); make room, look "
                "at its rights, or end the other program that writes it"
            ) from None
        except ExplorationError:
            raise
        except (sqlite3.DatabaseError, ValueError, IndexError):
            raise damaged(self.folder) from None


def columns(number: int, candidate: Candidate) -> tuple[int, str, str, bool]:
    """Write a candidate as `INSERT` takes it."""
    return number, candidate.key, candidate.model_dump_json(), candidate.kind == "bred"


def damaged(folder: Path) -> ExplorationError:
    """Say that an exploration is lost, and what can be done."""
    return ExplorationError(
        f"the exploration {folder.name} is damaged; delete the folder {folder} and begin it anew"
    )

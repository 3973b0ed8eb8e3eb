"""Choices: what a player was shown of an exploration, and what was starred."""

from collections.abc import Iterable

from calibration.exploration.index import Index


class Choices:
    """Stars and pages, kept in the exploration's index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def starred(self) -> list[int]:
        """Numbers of the sounds the player likes."""
        return [row[0] for row in self._index.rows("SELECT number FROM stars ORDER BY number")]

    def star(self, numbers: Iterable[int]) -> None:
        """Remember that the player likes these."""
        with self._index.change() as index:
            index.executemany("INSERT OR IGNORE INTO stars VALUES (?)", [(n,) for n in numbers])

    def unstar(self, numbers: Iterable[int]) -> None:
        """Forget it again."""
        with self._index.change() as index:
            index.executemany("DELETE FROM stars WHERE number = ?", [(n,) for n in numbers])

    def pages(self) -> list[list[int]]:
        """Numbers on each page that was shown, in order."""
        pages: dict[int, list[int]] = {}
        for page, number in self._index.rows("SELECT page, number FROM shown ORDER BY page, rowid"):
            pages.setdefault(page, []).append(number)
        return list(pages.values())

    def show(self, numbers: Iterable[int]) -> None:
        """Remember a page that was shown."""
        page = len(self.pages())
        with self._index.change() as index:
            index.executemany("INSERT INTO shown VALUES (?, ?)", [(n, page) for n in numbers])

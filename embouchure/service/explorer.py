"""The explorer: explorations as the page works on them, each step by the thread that may."""

import atexit
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Final, TypeVar

from embouchure.errors import ProgramError
from embouchure.service.errand import begin_errand, reason_of, run_errand

if TYPE_CHECKING:
    from calibration.exploration.exploration import Exploration

MAKING_S: Final = 240.0
"""Longest that a preset may take to be learned on a busy machine."""

T = TypeVar("T")


class Explorer:
    """Opens one exploration at a time; every method may be called from any thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "explorer")
        self._open: Exploration | None = None
        self._stamp = (0, 0)
        self._lock = threading.Lock()
        self._rendering: tuple[str, subprocess.Popen[bytes]] | None = None
        self._trouble = ""
        atexit.register(self.stop)

    def on(self, name: str, work: Callable[["Exploration"], T]) -> T:
        """Do something with an exploration, on the one thread that its database is for.

        Raises
        ------
        ExplorationError, PresetError
            When there is none of that name, or as `work` does.
        """
        return self._thread.submit(self._do, name, work).result()

    def _do(self, name: str, work: Callable[["Exploration"], T]) -> T:
        exploration = self._opened(name)
        done = work(exploration)
        self._stamp = _stamp(exploration)
        return done

    def _opened(self, name: str) -> "Exploration":
        """Open an exploration, anew where another process has worked on it since."""
        from calibration.exploration.exploration import resume

        known = self._open
        if known and known.settings.name == name and _stamp(known) == self._stamp:
            return known
        if known:
            self._open = None
            known.archive.close()
        self._open = resume(name)
        return self._open

    def begin(
        self, name: str | None, count: int | None, seed: int | None, space_sha256: str
    ) -> str:
        """Begin an exploration in a process of its own, or go on with it; return its name.

        A new one is of the space named, or without a hash of the factory's.

        Raises
        ------
        ProgramError
            When one is being rendered.
        """
        from calibration.exploration.shelf import exploration_names
        from presets.names import check_name, free_name

        known = exploration_names()
        name = check_name(name) if name else free_name(date.today().isoformat(), set(known))
        wishes = (
            {}
            if name in known
            else {"--count": count, "--seed": seed, "--space": space_sha256 or None}
        )
        options = [
            part for key, value in wishes.items() if value is not None for part in (key, str(value))
        ]
        with self._lock:
            if self.rendering():
                raise ProgramError(
                    f"{self.rendering()} is still being rendered; wait for it, or stop it"
                )
            process = begin_errand("explore", "new", name, "--jobs", "1", *options)
            self._rendering, self._trouble = (name, process), ""
        threading.Thread(target=self._await, args=(process,), daemon=True).start()
        return name

    def _await(self, process: "subprocess.Popen[bytes]") -> None:
        """Learn how a rendering ended."""
        _, said = process.communicate()
        with self._lock:
            if process.returncode > 0:
                self._trouble = reason_of(said, "explore")

    def rendering(self) -> str | None:
        """Name the exploration that is being rendered."""
        now = self._rendering
        return now[0] if now and now[1].poll() is None else None

    @property
    def trouble(self) -> str:
        """Say why the last rendering failed, if it did."""
        return self._trouble

    def stop(self) -> None:
        """Stop rendering; what was rendered is kept, and it can be gone on with."""
        now = self._rendering
        if now and now[1].poll() is None:
            now[1].terminate()

    def breed(self, name: str, parents: list[int]) -> list[int]:
        """Breed from sounds, or from all that have a star; return the children's numbers."""
        numbers = [str(number) for number in parents]
        born = run_errand("explore", "breed", *numbers, "--in", name, patience_s=MAKING_S)
        return [int(one["number"]) for one in born]

    def use(self, name: str, number: int, made: str, becomes: str, start: int | None) -> None:
        """Make a sound a preset, a target, or with another the two ends of a slide.

        Raises
        ------
        PresetError, ProgramError
            When `made` cannot be a name, or it cannot be made.
        """
        from presets.names import check_name

        ends = [] if start is None else ["--from-sound", str(start)]
        words = ["use", str(number), check_name(made), "--as", becomes, *ends, "--in", name]
        run_errand("explore", *words, patience_s=MAKING_S)


def _stamp(exploration: "Exploration") -> tuple[int, int]:
    """Tell one state of an index from the next."""
    from calibration.exploration.shelf import INDEX

    stat = (exploration.archive.folder / INDEX).stat()
    return stat.st_mtime_ns, stat.st_size

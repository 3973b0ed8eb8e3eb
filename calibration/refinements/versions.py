"""Versions of a preset in work: every step that was taken, kept for ever, undone to any of them.

    work/NAME/steps/000001.json ...          one step each: what was done, when, after which step
    work/NAME/things/HASH ...                what steps hold, by the hash of the content
    work/NAME/now.json                       the step that is heard

What a step holds is written before the step, and the step before it is heard: after a crash at any
moment every step is whole, and at most the newest is not yet the one that is heard.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from calibration.refinements.refusal import RefinementError
from mapper.whole_file import remove_partials, write_new, write_whole
from presets.card import Line, Sha256
from presets.names import check_name
from presets.preset import Preset
from presets.refusal import PresetError

STEPS: Final = "steps"
THINGS: Final = "things"
NOW: Final = "now.json"
FORM: Final = re.compile(r"(\d{6,})\.json")


class Version(BaseModel):
    """One step.

    `after` is the step that it was taken from, 0 for the first. `state` is how the preset came
    about, for whoever takes the next step.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    after: int = Field(ge=0)
    done: Line
    """What was done, in words."""
    made_at: Line
    preset: Sha256
    state: dict[str, Any] = {}


def work_folder(name: str) -> Path:
    """Folder of a preset in work; it may not exist yet."""
    data = user_data_path("embouchure", appauthor=False)
    return data / "calibration" / "work" / check_name(name)


class Versions:
    """The versions in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._undone: list[int] = []

    @classmethod
    def of(cls, name: str) -> Self:
        """Open the work on a preset of this name."""
        return cls(work_folder(name))

    def every(self) -> list[Version]:
        """List all steps that can be read, oldest first."""
        folder = self._folder / STEPS
        found = [FORM.fullmatch(path.name) for path in folder.iterdir()] if folder.is_dir() else []
        numbers = sorted(int(match[1]) for match in found if match)
        return [step for number in numbers if (step := self._read(number))]

    def now(self) -> Version | None:
        """Return the step that is heard: the one chosen last; None before the first."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            chosen = json.loads((self._folder / NOW).read_text())["number"]
            if step := self._read(int(chosen)):
                return step
        steps = self.every()
        return steps[-1] if steps else None

    def add(
        self,
        preset: Preset,
        done: str,
        state: Mapping[str, Any] | None = None,
        things: Mapping[str, bytes] | None = None,
    ) -> Version:
        """Take a step from the present one, and hear it.

        Parameters
        ----------
        things
            Further content that the state speaks of, by the hashes that `hash_of` gives.

        Raises
        ------
        RefinementError
            When it cannot be written; nothing has changed then.
        """
        before = self.now()
        with self._told():
            for folder in (self._folder / STEPS, self._folder / THINGS):
                folder.mkdir(parents=True, exist_ok=True)
                remove_partials(folder)
            held = [preset.to_bytes(), *(things or {}).values()]
            hashes = [self._hold(content) for content in held]
            step = self._write(
                after=before.number if before else 0,
                done=done,
                made_at=f"{datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z}",
                preset=hashes[0],
                state=dict(state or {}),
            )
            self._choose(step.number)
        self._undone.clear()
        return step

    def go_to(self, number: int) -> Version:
        """Hear any step again; every other stays.

        Raises
        ------
        RefinementError
            When there is no such step.
        """
        step = self._read(number)
        if step is None:
            known = ", ".join(str(one.number) for one in self.every()) or "none yet"
            raise RefinementError(f"there is no version {number}; the versions kept are {known}")
        with self._told():
            self._choose(number)
        return step

    def undo(self) -> Version:
        """Go back to the step that the present one was taken from.

        Raises
        ------
        RefinementError
            When the present one is the first.
        """
        step = self.now()
        if step is None or not step.after:
            raise RefinementError("there is nothing to undo; this is how the work began")
        before = self.go_to(step.after)
        self._undone.append(step.number)
        return before

    def redo(self) -> Version:
        """Go forward again: to what was undone last, else to the newest step taken from this one.

        Raises
        ------
        RefinementError
            When no step was taken from the present one.
        """
        step = self.now()
        onward = [one.number for one in self.every() if step and one.after == step.number]
        if not onward:
            raise RefinementError("there is nothing to redo; no step was taken from this one")
        undone = self._undone.pop() if self._undone else 0
        return self.go_to(undone if undone in onward else onward[-1])

    def preset(self, step: Version) -> Preset:
        """Return the preset of a step, bit for bit as it was.

        Raises
        ------
        RefinementError
            When its file is damaged or gone.
        """
        try:
            return Preset.from_bytes(self.thing(step.preset))
        except PresetError as error:
            raise RefinementError(f"version {step.number} cannot be opened: {error}") from None

    def thing(self, sha256: str) -> bytes:
        """Return what a step holds by its hash.

        Raises
        ------
        RefinementError
            When it is damaged or gone.
        """
        with suppress(OSError):
            content = (self._folder / THINGS / sha256).read_bytes()
            if hash_of(content) == sha256:
                return content
        raise RefinementError(
            f"a part of a version is damaged ({sha256[:12]} in {self._folder}); choose another version"
        )

    def _hold(self, content: bytes) -> str:
        sha256 = hash_of(content)
        path = self._folder / THINGS / sha256
        if not (path.exists() and hash_of(path.read_bytes()) == sha256):
            write_whole(path, content, keeps_old=False)
        return sha256

    def _write(self, **fields: Any) -> Version:  # noqa: ANN401
        """Write a step under the next number that is free; another process may take steps too."""
        folder = self._folder / STEPS
        number = max(
            (int(m[1]) for p in folder.iterdir() if (m := FORM.fullmatch(p.name))), default=0
        )
        while True:
            number += 1
            step = Version(number=number, **fields)
            with suppress(FileExistsError):
                write_new(folder / f"{number:06d}.json", step.model_dump_json(indent=2).encode())
                return step

    def _choose(self, number: int) -> None:
        content = json.dumps({"number": number}).encode()
        write_whole(self._folder / NOW, content, keeps_old=False)

    def _read(self, number: int) -> Version | None:
        with suppress(OSError, ValidationError):
            path = self._folder / STEPS / f"{number:06d}.json"
            step = Version.model_validate_json(path.read_bytes())
            return step if step.number == number else None
        return None

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what the disk refuses."""
        try:
            yield
        except OSError as error:
            raise RefinementError(
                f"{self._folder} cannot be written ({error.strerror}); "
                "make room, or look at its rights"
            ) from None


def hash_of(content: bytes) -> str:
    """Name content by its hash."""
    return hashlib.sha256(content).hexdigest()

"""Processes that are killed while they save: at every system call, and at any moment.

`python -m tests.embouchure.kills` kills a process before and after each system call that it makes
while it saves, with `--changes` after those that change files, looks at what it left each time, and
prints as JSON how often it was killed and what was lost. Linux only: its kernel stops processes.
"""

import ctypes
import json
import os
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from calibration.demonstrations.take import Take, take_of
from calibration.demonstrations.take_store import TakeStore
from calibration.refinements.versions import Versions
from calibration.targets.target import Target
from embouchure.journal import Journal, read_journal
from embouchure.takes import recover_takes
from mapper.gestures import Gesture
from mapper.performance import Played, read
from presets import library, setlists, store
from presets.bundle import Bundle
from presets.setlist import Setlist, make_entry
from tests.presets.test_preset import a_preset

PTRACE_TRACEME, PTRACE_PEEKUSER, PTRACE_SYSCALL = 0, 3, 24
CALL_NUMBER_AT = 15 * 8
"""Where an x86-64 keeps the number of the system call."""
CHANGING_CALLS = frozenset(
    {1, 3, 18, 20, 40, 74, 75, 76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 257, 258, 263, 264, 265}
    | {266, 268, 280, 285, 316, 326, 437}
)
"""Those of an x86-64 that write, sync, close, link, rename, remove or open files."""
LIBC = ctypes.CDLL(None, use_errno=True)
MEMORY = Path("/dev/shm")
"""A disk on which nothing has to be waited for; a killed process leaves the same on any."""
REPORTS = 99
"""The file descriptor that takes them in a child."""
OLD, NEW = "A reed.", "A darker reed."
NOTES = [Played(0.1 * i, 0, bytes((0x91, 60 + i, 0x40))) for i in range(12)]
N_RANDOM = 40


def a_take(key: str) -> Take:
    target = Target(
        name="still",
        kind="still",
        note=60.0,
        strike=0.5,
        held_s=1.0,
        trajectory=np.zeros((200, 18), np.float32),
        descriptors=np.zeros((200, 3), np.float32),
    )
    moments = np.array([0.0, 1.0])
    touch = Gesture(
        touch=1,
        zone=0,
        note=60.0,
        strike=0.5,
        lift=0.5,
        times_s=moments,
        press=moments,
        slide=moments,
        glide_semitones=moments,
    )
    return take_of(target, touch, NOTES, key)


TAKE, SECOND = a_take("first"), a_take("second")


class Scenario(NamedTuple):
    """What is there before, what is being done when the kill comes, and what must be there then."""

    prepare: Callable[[Path], object]
    act: Callable[[Path], object]
    check: Callable[[Path, int], str]
    """Told the folder and how many steps were reported done; says what was lost, or nothing."""


class Killed(NamedTuple):
    """How a process ended: whether before its work was done, and how many steps it had reported."""

    early: bool
    n_steps: int


def killed_at(stop: int, act: Callable[[Path], object], folder: Path, *, all_calls: bool) -> Killed:
    """Fork, let the child act, and kill it at the stop of this number.

    There are two for each system call; without `all_calls` one, after each that changes a file.
    """
    reports, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        _act_as_child(act, folder, mouth)
    os.close(mouth)
    try:
        early = _follow(child, stop, all_calls=all_calls)
    finally:
        with os.fdopen(reports, "rb") as file:
            n_steps = len(file.read())
    return Killed(early, n_steps)


def _act_as_child(act: Callable[[Path], object], folder: Path, mouth: int) -> None:
    os.dup2(mouth, REPORTS)
    LIBC.ptrace(PTRACE_TRACEME, 0, None, None)
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        act(folder)
    finally:
        os._exit(0)


def _follow(child: int, stop: int, *, all_calls: bool) -> bool:
    os.waitpid(child, 0)
    n_stops = n_counted = 0
    while n_counted < stop:
        LIBC.ptrace(PTRACE_SYSCALL, child, None, None)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return False
        n_stops += 1
        n_counted += all_calls or (n_stops % 2 == 0 and _changes(child))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _changes(child: int) -> bool:
    """Whether the call that the child has just made may have changed a file."""
    number = LIBC.ptrace(PTRACE_PEEKUSER, child, ctypes.c_void_p(CALL_NUMBER_AT), None)
    return platform.machine() != "x86_64" or number in CHANGING_CALLS


def report() -> None:
    """Say, in the child, that a step is done and must never be lost."""
    os.write(REPORTS, b".")


def _own(folder: Path) -> None:
    store.user_folder = lambda: folder / "presets"
    setlists.folder = lambda: folder / "setlists"


def descriptions(folder: Path) -> set[str]:
    """Open every preset below a folder, which fails for one that is not whole."""
    return {store.load(path).card.description for path in folder.rglob("*.preset")}


def _prepare_library(folder: Path) -> None:
    _own(folder)
    library.save(Bundle(preset=a_preset("reed"), sources=_sources()))
    library.save(a_preset("gone"))
    library.delete("gone")


def _sources() -> dict[str, bytes]:
    return {f"takes/{TAKE.key}.safetensors": TAKE.to_bytes()}


def _check_library(folder: Path, names: set[str], texts: set[str]) -> str:
    found = descriptions(folder)
    live = set(store.user_names())
    if not live or not live <= names:
        return f"the presets are {live}"
    if OLD not in found or not found <= texts:
        return f"the texts are {found}"
    if not any(library.open_bundle(str(p)).sources for p in folder.rglob("*.preset")):
        return "the takes are gone"
    library.save(library.with_fields(a_preset("after"), description="After."))
    return "" if "After." in descriptions(folder) else "nothing can be saved any more"


def _check_saved(folder: Path, _: int) -> str:
    _own(folder)
    return _check_library(folder, {"reed"}, {OLD, NEW})


def _check_renamed(folder: Path, _: int) -> str:
    _own(folder)
    return _check_library(folder, {"reed", "cane"}, {OLD})


def _check_deleted(folder: Path, _: int) -> str:
    _own(folder)
    if not store.user_names():
        library.restore("reed")
    return _check_library(folder, {"reed"}, {OLD})


def _check_restored(folder: Path, _: int) -> str:
    _own(folder)
    if "gone" not in (*store.user_names(), *library.trashed()):
        return "the preset is neither there nor in the trash"
    return _check_library(folder, {"reed", "gone"}, {OLD})


def _save_setlist(*presets: str) -> None:
    entries = tuple(make_entry(preset=name) for name in presets)
    setlists.save_setlist(Setlist(name="friday", entries=entries))


def _prepare_setlist(folder: Path) -> None:
    _own(folder)
    _save_setlist("bow")


def _check_setlist(folder: Path, _: int) -> str:
    _own(folder)
    presets = [entry.preset for entry in setlists.load_setlist("friday").entries]
    for version in setlists.setlist_versions("friday"):
        setlists.read_setlist("friday", version.path.read_bytes())
    return "" if presets in (["bow"], ["bow", "pluck"]) else f"the setlist holds {presets}"


def _prepare_takes(folder: Path) -> None:
    TakeStore(folder / "takes").keep(TAKE)


def _keep_take(folder: Path) -> None:
    TakeStore(folder / "takes").keep(SECOND)
    report()


def _check_takes(folder: Path, n_steps: int) -> str:
    keys = {take.key for take in TakeStore(folder / "takes").takes()}
    wanted = {TAKE.key} | ({"second"} if n_steps else set())
    for path in (folder / "takes").glob("*.mid"):
        read(path)
    return "" if wanted <= keys <= {TAKE.key, "second"} else f"the takes are {keys}"


def _play(folder: Path) -> None:
    with Journal(folder / "now.unfinished", {}) as journal:
        report()
        for note in NOTES:
            journal.write([note])
            report()


def _check_played(folder: Path, n_steps: int) -> str:
    path = folder / "now.unfinished"
    heard = read_journal(path)[1] if path.exists() else []
    if heard != NOTES[: len(heard)] or len(heard) < n_steps - 1:
        return f"of {n_steps - 1} notes {len(heard)} are there"
    return _check_ended(folder, len(heard))


def _prepare_session(folder: Path) -> None:
    with Journal(folder / "now.unfinished", {}) as journal:
        journal.write(NOTES)


def _check_session(folder: Path, _: int) -> str:
    return _check_ended(folder, len(NOTES))


def _check_ended(folder: Path, n_notes: int) -> str:
    """Recover as the next start does; the MIDI file and the journal must hold every note."""
    recover_takes(folder)
    takes = [path for path in folder.glob("*.mid*") if not path.name.startswith(".")]
    if not n_notes:
        return "" if not takes else "a take of nothing"
    if len(takes) != 1:
        return f"there are {len(takes)} takes"
    struck = [one for one in read(takes[0]) if one.data[0] & 0xF0 == 0x90 and one.data[2]]
    json.loads(takes[0].with_suffix(".json").read_text())
    kept = read_journal(takes[0].with_suffix(".journal"))[1]
    n_kept = (len(struck), len(kept))
    return "" if n_kept == (n_notes, n_notes) else f"{n_kept} of {n_notes} notes are there"


def _prepare_work(folder: Path) -> None:
    Versions(folder / "work").add(a_preset("reed"), "began")


def _take_step(folder: Path) -> None:
    Versions(folder / "work").add(library.with_fields(a_preset("reed"), description=NEW), "darker")
    report()


def _check_work(folder: Path, n_steps: int) -> str:
    work = Versions(folder / "work")
    now, steps = work.now(), work.every()
    texts = [work.preset(step).card.description for step in steps]
    whole = texts in ([OLD], [OLD, NEW]) and now in steps
    kept = not n_steps or (len(steps) == 2 and now == steps[-1])
    return "" if whole and kept else f"the steps are {texts}, and {now} is heard"


SCENARIOS = {
    "saving a preset": Scenario(
        _prepare_library, lambda _: library.change("reed", description=NEW), _check_saved
    ),
    "renaming a preset": Scenario(
        _prepare_library, lambda _: library.rename("reed", "cane"), _check_renamed
    ),
    "deleting a preset": Scenario(
        _prepare_library, lambda _: library.delete("reed"), _check_deleted
    ),
    "restoring a preset": Scenario(
        _prepare_library, lambda _: library.restore("gone"), _check_restored
    ),
    "saving a setlist": Scenario(
        _prepare_setlist, lambda _: _save_setlist("bow", "pluck"), _check_setlist
    ),
    "keeping a take": Scenario(_prepare_takes, _keep_take, _check_takes),
    "taking a step of refinement": Scenario(_prepare_work, _take_step, _check_work),
    "playing a session": Scenario(lambda _: None, _play, _check_played),
    "ending a session": Scenario(_prepare_session, recover_takes, _check_session),
}


def kills(scenario: Scenario, folder: Path, *, all_calls: bool) -> Iterator[str]:
    """Kill at one stop after the other until the work is done; yield what was lost each time."""
    template, stop = folder / "before", 0
    template.mkdir()
    scenario.prepare(template)
    while True:
        stop += 1
        now = folder / "now"
        shutil.copytree(template, now)
        _own(now)
        killed = killed_at(stop, scenario.act, now, all_calls=all_calls)
        lost = _look(scenario, now, killed.n_steps)
        shutil.rmtree(now)
        if not killed.early:
            return
        yield lost


def _look(scenario: Scenario, folder: Path, n_steps: int) -> str:
    try:
        return scenario.check(folder, n_steps)
    except Exception as error:  # noqa: BLE001  # whatever cannot be read is what is looked for
        return f"{type(error).__name__}: {error}"


def random_kills(folder: Path) -> Iterator[str]:
    """Kill processes that save over and over, at moments that nobody chose."""
    rng = random.Random(1)
    for number in range(N_RANDOM):
        own = folder / str(number)
        own.mkdir()
        _prepare_library(own)
        reports, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(mouth, REPORTS)
            save_for_ever()
        os.close(mouth)
        os.read(reports, 1)
        time.sleep(rng.uniform(0.0, 0.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reports, "rb") as file:
            n_saved = 1 + len(file.read())
        yield _look(Scenario(_prepare_library, save_for_ever, _check_newest), own, n_saved)
        shutil.rmtree(own)


def _check_newest(folder: Path, n_saved: int) -> str:
    """At most the save that was under way is missing, and every one before it is kept."""
    n_kept = len(library.versions("reed")) - 1
    texts = descriptions(folder)
    all_there = {OLD, *(f"Number {i + 1}." for i in range(n_kept))} == texts
    in_force = store_number(folder)
    is_newest = n_saved <= n_kept <= n_saved + 1 and n_kept - 1 <= in_force <= n_kept
    is_in_force = in_force >= n_saved
    return "" if all_there and is_newest and is_in_force else f"{in_force} of {n_saved}"


def store_number(folder: Path) -> int:
    """Number of the newest save in force."""
    text = store.load(folder / "presets" / "reed.preset").card.description
    return 0 if text == OLD else int(text.removeprefix("Number ").removesuffix("."))


def save_for_ever(*_: object) -> None:
    """Save a preset over and over, and say so each time."""
    number = 0
    while True:
        number += 1
        library.change("reed", description=f"Number {number}.")
        report()


def run(folder: Path, *, all_calls: bool) -> dict[str, Any]:
    """Kill in every scenario, and tell how often and what was lost."""
    told: dict[str, Any] = {}
    for name, scenario in SCENARIOS.items():
        own = folder / name
        own.mkdir()
        told[name] = list(kills(scenario, own, all_calls=all_calls))
    (folder / "at random").mkdir()
    told["at random moments"] = list(random_kills(folder / "at random"))
    return {
        "kills": {name: len(found) for name, found in told.items()},
        "total": sum(map(len, told.values())),
        "lost": {
            name: [lost for lost in found if lost] for name, found in told.items() if any(found)
        },
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as made:
        json.dump(run(Path(made), all_calls="--changes" not in sys.argv), sys.stdout, indent=2)

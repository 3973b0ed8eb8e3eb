"""What `doctor` examines: each check looks at one thing the instrument needs and says what to do."""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib.metadata import packages_distributions
from typing import Final, NamedTuple

from embouchure.folders import takes_folder
from embouchure.kernel_cache import compile_kernels, is_compiled

PACKAGES: Final = ("mapper", "synth", "calibration", "presets", "embouchure")


class Verdict(StrEnum):
    """How a check ended."""

    GOOD = "good"
    NOTE = "note"
    """The instrument runs, though with less."""
    FAULT = "fault"
    """The instrument cannot run."""


class Finding(NamedTuple):
    """What one check found."""

    about: str
    verdict: Verdict
    sentence: str


def _python() -> Finding:
    verdict = Verdict.GOOD if sys.version_info >= (3, 11) else Verdict.FAULT
    return Finding("Python", verdict, f"{platform.python_version()}; 3.11 or newer is needed.")


def _packages() -> Finding:
    owners = packages_distributions()
    foreign = {
        owner for package in PACKAGES for owner in owners.get(package, []) if owner != "embouchure"
    }
    if foreign:
        sentence = (
            f"{', '.join(sorted(foreign))} shares a package name; use an environment of its own."
        )
        return Finding("Packages", Verdict.FAULT, sentence)
    return Finding("Packages", Verdict.GOOD, "Every package name is this program's alone.")


def _kernels() -> Finding:
    verb = "loaded" if is_compiled() else "compiled"
    started_s = time.perf_counter()
    if not is_compiled():
        compile_kernels()
    import synth.engine.engine  # noqa: F401

    seconds = time.perf_counter() - started_s
    folder = os.environ["NUMBA_CACHE_DIR"]
    return Finding("Kernels", Verdict.GOOD, f"{verb} in {seconds:.1f} s, in {folder}.")


def _space() -> Finding:
    from embouchure.space_file import load_space
    from synth.space import SpaceError

    try:
        space = load_space()
    except SpaceError as error:
        return Finding("Space", Verdict.FAULT, f"{error}.")
    sounds = len(space.card.sounds)
    return Finding(
        "Space", Verdict.GOOD, f"{space.card.name}, {sounds} sounds, sha256 {space.sha256[:12]}."
    )


def _presets() -> Finding:
    from embouchure.instrument import space_and_patch
    from presets.preset import PresetError
    from presets.store import factory_names
    from synth.space import SpaceError

    found = factory_names()
    try:
        for name in found:
            space_and_patch(name)
    except (PresetError, SpaceError) as error:
        return Finding("Presets", Verdict.FAULT, f"{error}.")
    verdict = Verdict.GOOD if found else Verdict.FAULT
    return Finding("Presets", verdict, f"{', '.join(found) or 'none; install the program again'}.")


def _sound() -> Finding:
    from synth.outputs import DeviceError, list_outputs

    try:
        outputs = list_outputs()
    except DeviceError as error:
        return Finding("Sound", Verdict.NOTE, f"{error}.")
    if not outputs:
        return Finding("Sound", Verdict.NOTE, "No sound device; play writes a WAV instead.")
    names = ", ".join(f"{output.name} ({output.rate_hz:g} Hz)" for output in outputs)
    return Finding("Sound", Verdict.GOOD, f"{names}.")


def _midi() -> Finding:
    from mapper.ports import PortError, input_names

    try:
        names = input_names()
    except PortError as error:
        return Finding("MIDI", Verdict.NOTE, f"{error}.")
    return Finding("MIDI", Verdict.GOOD, f"inputs: {', '.join(names) or 'none connected'}.")


def _takes() -> Finding:
    folder = takes_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Finding("Takes", Verdict.FAULT, f"{folder} cannot be made: {error.strerror}.")
    if not os.access(folder, os.W_OK):
        return Finding("Takes", Verdict.FAULT, f"{folder} cannot be written; free it or its disk.")
    return Finding("Takes", Verdict.GOOD, f"{folder}.")


def _settings() -> Finding:
    from embouchure.errors import ProgramError
    from embouchure.folders import settings_path
    from embouchure.settings import load_settings, refuse_gone

    try:
        refuse_gone(load_settings().model_dump(exclude_unset=True))
    except ProgramError as error:
        return Finding("Settings", Verdict.FAULT, f"{error}.")
    return Finding("Settings", Verdict.GOOD, f"{settings_path()}.")


CHECKS: Final[tuple[Callable[[], Finding], ...]] = (
    _python,
    _packages,
    _kernels,
    _space,
    _presets,
    _sound,
    _midi,
    _takes,
    _settings,
)


def examine() -> Iterator[Finding]:
    """Make every check, one after another."""
    for check in CHECKS:
        yield check()

"""An errand: a command of the program run in a process of its own, so that nothing here waits for it."""

import json
import os
import subprocess
import sys
from typing import Any, Final

from embouchure.errors import ProgramError
from embouchure.kernel_cache import own_environment

NICENESS: Final = 10
PATIENCE_S: Final = 120.0


def run_errand(*words: str, patience_s: float = PATIENCE_S) -> Any:  # noqa: ANN401
    """Run `embouchure WORDS --json` and return what it says.

    Raises
    ------
    ProgramError
        With its own sentence when it fails, or another when it takes too long.
    """
    try:
        done = subprocess.run(
            _line(words),
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience_s,
            check=False,
            start_new_session=True,  # a terminal's Ctrl-C is not for it
        )
    except subprocess.TimeoutExpired:
        raise ProgramError(
            f"{words[0]} took longer than {patience_s:.0f} s; try again when the computer is idle"
        ) from None
    if done.returncode:
        raise ProgramError(reason_of(done.stderr, words[0]))
    return json.loads(done.stdout)


def begin_errand(*words: str) -> "subprocess.Popen[bytes]":
    """Begin `embouchure WORDS --json`; whoever begins it sees that it ends."""
    return subprocess.Popen(
        _line(words),
        env=own_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _line(words: tuple[str, ...]) -> list[str]:
    return [*_nice(), sys.executable, "-P", "-m", "embouchure", *words, "--json"]


def _nice() -> list[str]:
    """Let the sound come first."""
    return ["nice", "-n", str(NICENESS)] if os.name == "posix" else []


def reason_of(said: bytes, word: str) -> str:
    """Take the sentence in which a command of ours ends."""
    last = said.decode(errors="replace").strip().rpartition("\n")[2].removeprefix("embouchure: ")
    return last or f"{word} ended without a word; see embouchure doctor"

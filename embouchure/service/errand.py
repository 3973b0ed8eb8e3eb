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
            [*_nice(), sys.executable, "-P", "-m", "embouchure", *words, "--json"],
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
        raise ProgramError(_reason(done.stderr.decode(errors="replace"), words[0]))
    return json.loads(done.stdout)


def _nice() -> list[str]:
    """Let the sound come first."""
    return ["nice", "-n", str(NICENESS)] if os.name == "posix" else []


def _reason(said: str, word: str) -> str:
    """Take the sentence in which a command of ours ends."""
    last = said.strip().rpartition("\n")[2].removeprefix("embouchure: ")
    return last or f"{word} ended without a word; see embouchure doctor"

"""Names under which presets and setlists can be kept on any computer."""

import re
from collections.abc import Container, Iterable
from difflib import get_close_matches
from typing import Final

from presets.refusal import PresetError

LENGTH: Final = 32
_ALLOWED: Final = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LENGTH - 1}}}")
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
"""What Windows takes for devices, whatever suffix follows."""


def check_name(name: str) -> str:
    """Return a name that any computer can keep a file under.

    Raises
    ------
    PresetError
        When it is not such a name.
    """
    if not _ALLOWED.fullmatch(name) or name in _RESERVED:
        raise PresetError(
            f"{name[:60]!r} cannot be a name; use a to z, 0 to 9 and -, at most {LENGTH} of them, such "
            "as dark-reed, and no name of a device such as con"
        )
    return name


def free_name(name: str, taken: Container[str]) -> str:
    """Return the name, or with the first number that makes it free.

    >>> free_name("reed", {"reed", "reed-2"})
    'reed-3'
    """
    count, found = 1, name
    while found in taken:
        count += 1
        ending = f"-{count}"
        found = name[: LENGTH - len(ending)] + ending
    return found


def perhaps(name: str, known: Iterable[str]) -> str:
    """Say which known name may have been meant, to stand after an unknown one; or nothing.

    >>> perhaps("bwo", ["bow", "breath"])
    " (perhaps 'bow')"
    >>> perhaps("kazoo", ["bow", "breath"])
    ''
    """
    return "".join(f" (perhaps {near!r})" for near in get_close_matches(name, list(known), n=1))

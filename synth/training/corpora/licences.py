"""Licences: the name of the one that a text speaks of."""

import re
from typing import Final

NOT_STATED: Final = "not stated"
_KNOWN: Final = (
    (r"\bcc0\b|creative commons zero", "CC0-1.0"),
    (r"public domain", "public domain"),
    (r"cc[ -]by[ -]nc|non-?commercial", "for non-commercial use only"),
    (r"cc[ -]by[ -]sa[ -]?3|share-?alike 3", "CC-BY-SA-3.0"),
    (r"cc[ -]by[ -]sa|share-?alike", "CC-BY-SA-4.0"),
    (r"cc[ -]by[ -]?3|attribution 3", "CC-BY-3.0"),
    (r"cc[ -]by|creative commons attribution", "CC-BY-4.0"),
    (r"\bmit\b", "MIT"),
    (r"\bapache\b", "Apache-2.0"),
    (r"\blgpl\b|lesser general public", "LGPL"),
    (r"\bgpl\b|general public licen", "GPL"),
)


def licence_in(text: str) -> str:
    """Name the licence that a text speaks of.

    >>> licence_in("Licensed under the MIT License.")
    'MIT'
    >>> licence_in("Copyright 2008")
    'not stated'
    """
    for pattern, licence in _KNOWN:
        if re.search(pattern, text, re.IGNORECASE):
            return licence
    return NOT_STATED

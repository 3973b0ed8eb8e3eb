"""Extras: libraries that a plain installation lacks, and how they are added."""


def how_to_install(extra: str) -> str:
    """Tell what brings an extra's libraries.

    >>> how_to_install("train")
    "in the program's folder run: .venv/bin/pip install '.[train]'"
    """
    return f"in the program's folder run: .venv/bin/pip install '.[{extra}]'"

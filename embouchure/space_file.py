"""The file of the space that comes with the program."""

from importlib.resources import as_file, files
from pathlib import Path

from synth.space import Space


def load_space(path: Path | None = None) -> Space:
    """Load a space, or the factory's.

    Raises
    ------
    SpaceError
        When its file is missing or damaged.
    """
    if path:
        return Space.load(path)
    with as_file(files("synth").joinpath("spaces/fluid.safetensors")) as installed:
        return Space.load(installed)

"""The space that comes with the program, and a tiny one."""

from importlib.resources import as_file, files

import pytest

from synth.moving.mixture import Mixer
from synth.space import Space
from tests.synth.moving.tiny import tiny_space


@pytest.fixture(scope="session")
def fluid() -> Space:
    with as_file(files("synth").joinpath("spaces", "fluid.safetensors")) as path:
        return Space.load(path)


@pytest.fixture(scope="session")
def fluid_mixer(fluid: Space) -> Mixer:
    return Mixer(fluid)


@pytest.fixture(scope="session")
def tiny() -> Space:
    return tiny_space()

"""A space: the file that holds decoder, encoder, codebook and statistics of one world of timbres.

On disk it is one safetensors file (numbers only, nothing that could run) whose header carries the
JSON of `SpaceCard`.
"""

import errno
import hashlib
import os
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from synth.controls import CODE_SIZE, N_CONTROLS, N_DECODER_INPUTS, STRETCH
from synth.older_space import OLDER_FORMAT, with_half_orders

Array = NDArray[np.float32]

FORMAT: Final = "embouchure-space-2"
SUFFIX: Final = ".safetensors"
MAX_FILE_BYTES: Final = 64 * 2**20
AXIS_SIZES: Final = {"directions": CODE_SIZE, "onsets": CODE_SIZE, "envelopes": 2}
"""Arrays of the axes, and how many numbers each axis has in them."""


class SpaceError(ValueError):
    """A file is not a space, or a damaged one; the message is one sentence for the player."""


class Sound(BaseModel):
    """A named sound of the codebook and the conditions under which it was recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    family: str
    note: float = Field(ge=0, le=127)
    strike: float = Field(ge=0, le=1)
    """Velocity as a ratio of 127."""
    release_s: float = Field(ge=0)
    """Time the sound takes to fall by 60 dB after its note-off."""


class Source(BaseModel):
    """Where some of a space's sounds come from, and what may be done with them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    licence: str = "not stated"
    provenance: list[str] = []
    """Who made it and from what, a line each."""


class Axis(BaseModel):
    """A named direction of the space; `synth.moving.axes` finds it and moves sounds along it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    low: str
    high: str
    """What is said of a sound that was moved back, and on."""
    unit: str
    step: float = Field(gt=0, allow_inf_nan=False)
    """By how many units one step moves the quality that the axis is named after."""
    just_noticeable: float = Field(gt=0, allow_inf_nan=False)
    """Share of a step that is just heard."""
    r2: float = Field(le=1, allow_inf_nan=False)
    """How well the steps moved tell the change that is measured, on held-out sounds."""
    readable_r2: float = Field(le=1, allow_inf_nan=False)
    """How well the quality is read off the codes of instruments that were held out."""
    effects: dict[str, Annotated[float, Field(allow_inf_nan=False)]]
    """What a step changes on held-out sounds: quality -> that quality's own steps."""


class SpaceCard(BaseModel):
    """Everything about a space that is not an array."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = FORMAT
    name: str
    licence: str
    provenance: list[str]
    sources: list[Source] = []
    """What it was learned from, each with its own licence."""
    loudness_mean_db: float
    loudness_deviation_db: float = Field(gt=0)
    ages_s: list[float]
    """Ages since the strike at which the codebook's trajectories are sampled, increasing from 0."""
    sounds: list[Sound]
    axes: tuple[Axis, ...] = ()
    evaluation: dict[str, dict[str, float]] = {}
    """Measured quality: system -> measure -> value."""


class Space:
    """One loaded space; arrays are read-only float32.

    Attributes
    ----------
    card
        Names, statistics, provenance.
    arrays
        Every array by its name in the file.
    weights, biases
        The decoder's layers; weights of layer i have shape (n_outputs, n_inputs). Hidden layers
        are leaky rectifiers, the last is linear and gives a row of controls (`synth.controls`).
    low, high
        Bounds that decoded controls are clamped to, shape (N_CONTROLS,).
    codes
        Code trajectories of the codebook, shape (n_sounds, n_ages, CODE_SIZE).
    loudness_db
        Loudness trajectories of the codebook, shape (n_sounds, n_ages).
    encoder
        The encoder's arrays by name, read by `synth.encoder`.
    axes
        The axes' arrays by name, read by `synth.moving.axes`, a row for each axis of the card.
    sha256
        Content hash of the file, by which presets name the space they need.
    """

    def __init__(self, card: SpaceCard, arrays: dict[str, Array], sha256: str = "") -> None:
        self.card = card
        self.arrays = arrays
        self.sha256 = sha256
        n_layers = sum(name.startswith("decoder.weight.") for name in arrays)
        try:
            self.weights = [arrays[f"decoder.weight.{i}"] for i in range(n_layers)]
            self.biases = [arrays[f"decoder.bias.{i}"] for i in range(n_layers)]
            self.low, self.high = arrays["decoder.low"], arrays["decoder.high"]
            self.codes, self.loudness_db = arrays["codebook.codes"], arrays["codebook.loudness_db"]
        except KeyError as error:
            raise SpaceError(f"the space lacks its array {error}; install it again") from None
        self.encoder = {k: v for k, v in arrays.items() if k.startswith("encoder.")}
        self.axes = {
            name: arrays.get(f"axes.{name}", np.zeros((0, size), np.float32))
            for name, size in AXIS_SIZES.items()
        }
        self._check(arrays)

    def _check(self, arrays: dict[str, Array]) -> None:
        """Refuse shapes that do not chain, values that are not finite and bounds that are none."""
        sizes = [N_DECODER_INPUTS, *(bias.size for bias in self.biases)]
        chained = all(
            weight.shape == (n_out, n_in) and bias.shape == (n_out,)
            for weight, bias, n_in, n_out in zip(
                self.weights, self.biases, sizes[:-1], sizes[1:], strict=True
            )
        )
        n_sounds, n_ages = len(self.card.sounds), len(self.card.ages_s)
        rising = all(one < other for one, other in pairwise(self.card.ages_s))
        shaped = (
            len(self.weights) >= 2
            and sizes[-1] == N_CONTROLS
            and self.low.shape == self.high.shape == (N_CONTROLS,)
            and self.codes.shape == (n_sounds, n_ages, CODE_SIZE)
            and self.loudness_db.shape == (n_sounds, n_ages)
            and all(
                self.axes[name].shape == (len(self.card.axes), size)
                for name, size in AXIS_SIZES.items()
            )
        )
        if not (chained and shaped and rising):
            raise SpaceError("the space's arrays do not fit each other; install it again")
        if not all(np.isfinite(array).all() for array in arrays.values()):
            raise SpaceError("the space holds numbers that are not finite; install it again")
        if (self.low > self.high).any() or (self.low[STRETCH] <= -1.0).any():
            raise SpaceError("the space's bounds allow no sound; install it again")

    @classmethod
    def load(cls, path: Path, called: str = "") -> Self:
        """Read a space; one of the older format comes as the present one would say it.

        Parameters
        ----------
        called
            What an error calls the file; without it its path.

        Raises
        ------
        SpaceError
            When the file is missing, damaged, too large or of another format.
        """
        called = called or str(path)
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise SpaceError(f"{called} is too large for a space; the limit is 64 MB")
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            with safe_open(path, "numpy") as file:
                card = SpaceCard.model_validate_json((file.metadata() or {})["card"])
                arrays = {key: file.get_tensor(key).astype(np.float32) for key in file.keys()}  # noqa: SIM118
        except OSError as error:
            raise SpaceError(
                f"the space {called} cannot be read: {error.strerror}; install it again or name another"
            ) from None
        except (SafetensorError, KeyError, TypeError, ValidationError, ValueError) as error:
            if isinstance(error, SpaceError):
                raise
            raise SpaceError(f"{called} is damaged or not a space; install it again") from None
        if card.format == OLDER_FORMAT:
            card, arrays = card.model_copy(update={"format": FORMAT}), with_half_orders(arrays)
        if card.format != FORMAT:
            raise SpaceError(f"{called} has format {card.format!r}; this program reads {FORMAT!r}")
        for array in arrays.values():
            array.setflags(write=False)
        return cls(card, arrays, sha256)


def check_place(path: Path) -> None:
    """Refuse a place where no space can be written, before much work is done for it.

    Its folder is made if need be.

    Raises
    ------
    SpaceError
        When it is not called as spaces are, is a folder, or nothing can be written beside it.
    """
    if path.suffix.lower() != SUFFIX:
        raise SpaceError(f"a space's file ends in {SUFFIX}; call it {path.name}{SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path.parent):
            pass
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    except OSError as error:
        raise _unwritable(path, error) from None


def save_space(path: Path, card: SpaceCard, arrays: dict[str, Array]) -> None:
    """Write a space with float16 arrays, whole or not at all.

    Raises
    ------
    SpaceError
        When the place cannot be written.
    """
    half = {key: np.ascontiguousarray(array, np.float16) for key, array in arrays.items()}
    temporary = path.with_suffix(".partial")
    try:
        with temporary.open("wb") as file:
            file.write(save(half, {"card": card.model_dump_json()}))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> SpaceError:
    return SpaceError(f"the space {path} cannot be written: {error.strerror}; choose another place")

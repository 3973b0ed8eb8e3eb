"""Systems: the ways to sound a held-out note that are compared, a table of small classes.

A system has a name, a hash of whatever its sounds depend on besides the note's own material, and
one method that sounds a trial at `RATE_HZ` from its onset.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from synth.decoder import decode
from synth.encoder import encode_analysis
from synth.space import Space
from synth.training.decode import Decoder, speak
from synth.training.evaluation.baselines import blend, say_mean
from synth.training.evaluation.material import Material
from synth.training.evaluation.playback import play_back
from synth.training.render import render

Array = NDArray[np.float64]


class System(Protocol):
    """One way to sound a note."""

    @property
    def name(self) -> str:
        """What tables call it."""

    @property
    def content(self) -> str:
        """A hash of what it sounds by."""

    def sound(self, material: Material) -> Array:
        """Sound the trial's note, shape (n_samples,)."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """The recording itself."""

    name: str = "original"
    content: str = ""

    def sound(self, material: Material) -> Array:
        """Return the recording."""
        return material.sound


@dataclass(frozen=True, kw_only=True)
class Resynthesis:
    """The note's analysis played again, which no decoder can beat."""

    name: str = "analysis"
    content: str = ""

    def sound(self, material: Material) -> Array:
        """Render the measured controls."""
        return render(material.frames)


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A space's encoder and some decoder.

    With `from_near` the codes are those of the nearest note at another pitch, so that the decoder
    must find the pitch by itself.
    """

    name: str
    space: Space
    decoder: Decoder
    content: str
    from_near: bool = False

    def sound(self, material: Material) -> Array:
        """Encode, decode at the note's own loudness and pitch, and render."""
        trial = material.trial
        heard = material.analysis_of(trial.near) if self.from_near else material.frames
        return render(
            speak(self.decoder, encode_analysis(self.space, heard).codes, material.frames)
        )


@dataclass(frozen=True, kw_only=True)
class SamplePlayback:
    """The nearest recording, repitched: Open NSynth Super's way."""

    name: str = "sample_playback"
    content: str = ""

    def sound(self, material: Material) -> Array:
        """Repitch the nearest note's recording."""
        trial = material.trial
        nearest = material.recording_of(trial.near)
        return play_back(nearest, trial.note.pitch - trial.near.pitch, material.sound)


@dataclass(frozen=True, kw_only=True)
class ControlBlend:
    """The controls of the notes below and above, mixed without a network."""

    name: str = "control_blend"
    content: str = ""

    def sound(self, material: Material) -> Array:
        """Mix the neighbours' controls and render them."""
        trial = material.trial
        below, above = (material.analysis_of(note) for note in (trial.below, trial.above))
        return render(blend(below, above, trial.share_above, material.frames))


@dataclass(frozen=True, kw_only=True)
class MeanInstrument:
    """All instruments' mean controls near the pitch."""

    means: Mapping[int, NDArray[np.float32]]
    name: str = "mean_instrument"

    @property
    def content(self) -> str:
        """A hash of the means."""
        digest = hashlib.blake2b(digest_size=16)
        for pitch, row in sorted(self.means.items()):
            digest.update(f"{pitch}".encode() + row.tobytes())
        return digest.hexdigest()

    def sound(self, material: Material) -> Array:
        """Render the mean at the note's pitch and loudness."""
        return render(say_mean(dict(self.means), material.frames))


def live(name: str, space: Space, decoder: Decoder | None = None, tag: str = "") -> list[Decoded]:
    """Make two systems of a space: codes of the note itself, and of a note at another pitch.

    Parameters
    ----------
    name
        Of the first; the second adds `_new_pitch`.
    space
        Gives the encoder and, unless there is another, the decoder.
    decoder, tag
        Another decoder, which takes what `Decoder` takes, and a hash of what it says.
    """
    says = decoder or partial(decode, space)
    content = fingerprint(space) + tag
    own = Decoded(name=name, space=space, decoder=says, content=content)
    other = Decoded(
        name=f"{name}_new_pitch", space=space, decoder=says, content=content, from_near=True
    )
    return [own, other]


def fingerprint(space: Space) -> str:
    """Hash what a space sounds by, and not its card."""
    digest = hashlib.blake2b(digest_size=16)
    arrays = [*space.weights, *space.biases, space.low, space.high]
    arrays += [array for _, array in sorted(space.encoder.items())]
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(f"{space.card.loudness_mean_db} {space.card.loudness_deviation_db}".encode())
    return digest.hexdigest()

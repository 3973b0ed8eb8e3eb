"""The Fluid corpus: what is rendered from the Fluid soundfont where no other corpus is named."""

from pathlib import Path

from synth.training.corpora.building import build, is_built
from synth.training.corpora.soundfonts import FluidMaterial
from synth.training.corpus import Progress
from synth.training.places import fluid_corpus


def render_fluid(progress: Progress) -> Path:
    """Render it, unless that is done, and return its folder.

    Raises
    ------
    CorpusError, SoundfontError
        When it cannot be rendered.
    """
    folder, fluid = fluid_corpus(), [FluidMaterial()]
    if not is_built(folder, fluid):
        build(folder, fluid, progress=progress)
    return folder

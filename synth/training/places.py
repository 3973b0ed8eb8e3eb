"""Places: where what belongs to a corpus or to a space lies on disk."""

import hashlib
from pathlib import Path

from platformdirs import user_cache_path


def fluid_corpus() -> Path:
    """Folder of the corpus that is rendered from the Fluid soundfont where no other is given."""
    return user_cache_path("embouchure") / "corpus-fluid"


def analysis_folder(corpus: Path) -> Path:
    """Folder where a corpus' analysis is kept, by the corpus' place."""
    place = hashlib.sha256(str(corpus.resolve()).encode()).hexdigest()[:12]
    return user_cache_path("embouchure") / f"analysis-{place}"


def scores_folder() -> Path:
    """Folder where scores are kept from one evaluation to the next."""
    return user_cache_path("embouchure") / "evaluation"


def teacher_path(space: Path) -> Path:
    """Where the space lies whose decoder is the teacher of a space's own.

    >>> teacher_path(Path("mine.safetensors")).name
    'mine.teacher.safetensors'
    """
    return space.with_suffix(".teacher.safetensors")

"""Kinds of material: what a file or folder is that somebody names."""

from collections.abc import Sequence
from pathlib import Path

from synth.training.corpora.audio_file import is_audio
from synth.training.corpora.material import Material
from synth.training.corpora.note_files import NoteFilesMaterial
from synth.training.corpora.nsynth import NSynthMaterial
from synth.training.corpora.recordings import Cut, RecordingMaterial
from synth.training.corpora.soundfonts import SUFFIXES, SoundfontMaterial
from synth.training.corpus import SPLITS, CorpusError


def materials(
    paths: Sequence[Path],
    cut: Cut,
    *,
    licence: str | None = None,
    name: str | None = None,
    presets: Sequence[str] = (),
) -> list[Material]:
    """Tell what each path is: a soundfont, a corpus, a folder of notes or a recording.

    Parameters
    ----------
    cut
        Finds the notes in a recording's melody.
    licence, name
        Of everything that does not say its own; the name only where there is one source.
    presets
        Which of a soundfont's are rendered; without any all that have a pitch.

    Raises
    ------
    CorpusError
        When a path is none of them.
    """
    alone = name if len(paths) == 1 else None
    return [
        _material(path, cut, licence=licence, name=alone, presets=tuple(presets)) for path in paths
    ]


def _material(
    path: Path, cut: Cut, *, licence: str | None, name: str | None, presets: tuple[str, ...]
) -> Material:
    if not path.exists():
        raise CorpusError(
            f"there is no {path}; name soundfonts, folders of notes, corpora or recordings"
        )
    if path.is_dir():
        kind = NSynthMaterial if is_corpus(path) else NoteFilesMaterial
        return kind(path=path, licence=licence, name=name)
    if path.suffix.lower() in SUFFIXES:
        return SoundfontMaterial(path=path, licence=licence, name=name, wanted=presets)
    if is_audio(path):
        return RecordingMaterial(path=path, cut=cut, licence=licence, name=name)
    raise CorpusError(
        f"{path} is neither a soundfont (SF2, SF3) nor a sound (WAV, FLAC, OGG); name another file"
    )


def is_corpus(folder: Path) -> bool:
    """Whether a folder is in NSynth's layout."""
    roots = [folder / name for split in SPLITS for name in (split, f"nsynth-{split}")]
    return any((root / "examples.json").exists() for root in roots)

"""The page: an evaluation as one folder with figures, spectrograms and sounds, read without a server."""

import json
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ
from synth.training.codebook import sound_name
from synth.training.evaluation.evaluate import Heard
from synth.training.evaluation.figures import Evaluation, Tally
from synth.training.evaluation.material import Material
from synth.training.evaluation.page_tables import (
    goals_html,
    groups_html,
    moves_html,
    probes_html,
    systems_html,
)
from synth.training.evaluation.pictures import check_can_draw, draw_spectrogram, spectrogram_db
from synth.training.whole_file import whole

Progress = Callable[[int, int], None]

TEMPLATE: Final = Path(__file__).with_name("page.html")
N_UNSEEN: Final = 3
N_FARTHEST: Final = 2
PEAK: Final = 0.9
LEGEND: Final = {
    "original": "the recording",
    "analysis": "its measured controls played again",
    "teacher": "the large decoder that the space's own learned from",
    "teacher_new_pitch": "the same by the codes of the nearest note at another pitch",
    "space": "the space's decoder, by the note's own codes",
    "space_new_pitch": "the same by the codes of the nearest note at another pitch",
    "cached": "the space's decoder evaluated in advance",
    "sample_playback": "the nearest recording at another pitch, repitched, as Open NSynth Super does",
    "control_blend": "the measured controls of the notes below and above, mixed",
    "mean_instrument": "the mean of all instruments near the pitch",
}


def write_page(
    heard: Heard, cache: Path, folder: Path, progress: Progress = lambda done, total: None
) -> Path:
    """Write `index.html`, `evaluation.json`, and sounds and pictures of some notes.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    PictureError
        When matplotlib is missing.
    """
    check_can_draw()
    evaluation = heard.evaluation
    folder.mkdir(parents=True, exist_ok=True)
    chosen = examples(heard.tally)
    parts = []
    for done, index in enumerate(chosen, start=1):
        parts.append(_example(heard, index, cache, folder))
        progress(done, len(chosen))
    _write(folder / "evaluation.json", json.dumps(evaluation.described(), indent=1))
    page = folder / "index.html"
    _write(page, _filled(evaluation, parts))
    return page


def _write(path: Path, text: str) -> None:
    with whole(path) as file:
        file.write(text.encode())


def examples(tally: Tally) -> list[int]:
    """Choose notes to listen to: the most usual of each family, some unseen, and the farthest off."""
    away = tally.values("space", "mel_db")
    known = [i for i, trial in enumerate(tally.trials) if trial.is_known]
    unseen = [i for i, trial in enumerate(tally.trials) if not trial.is_known]
    families = sorted({tally.trials[i].note.family for i in known})
    usual = [
        _middle([i for i in known if tally.trials[i].note.family == f], away) for f in families
    ]
    parts = [list(part) for part in np.array_split(unseen, min(N_UNSEEN, len(unseen)) or 1)]
    usual += [_middle([int(i) for i in part], away) for part in parts if part]
    farthest = sorted(known or unseen, key=lambda i: -away[i])[:N_FARTHEST]
    return list(dict.fromkeys([*usual, *farthest]))


def _middle(indices: Sequence[int], away: NDArray[np.float64]) -> int:
    return sorted(indices, key=lambda i: away[i])[len(indices) // 2]


def _example(heard: Heard, index: int, cache: Path, folder: Path) -> str:
    """Write one note's sounds and pictures, and return its part of the page."""
    trial = heard.tally.trials[index]
    material = Material(trial, cache)
    top_db = float(spectrogram_db(material.sound).max())
    gain = PEAK / max(float(np.abs(material.sound).max()), 1e-9)
    tiles = []
    for system in heard.systems:
        stem = f"{trial.note.key}-{system.name}"
        sound = system.sound(material)
        _write_sound(folder / "audio" / f"{stem}.flac", gain * sound)
        (folder / "pictures").mkdir(exist_ok=True)
        draw_spectrogram(folder / "pictures" / f"{stem}.png", sound, top_db)
        away = heard.tally.values(system.name, "mel_db")[index]
        tiles.append(_tile(stem, system.name, float(away)))
    note = trial.note
    name = sound_name(note.name, note.pitch, note.velocity)
    kind = note.family.replace("_", " ") + ("" if trial.is_known else ", never heard in training")
    return (
        f'<h3>{escape(name)} <span class="quiet">{escape(kind)}</span></h3>'
        f'<div class="row">{"".join(tiles)}</div>\n'
    )


def _write_sound(path: Path, sound: NDArray[np.float64]) -> None:
    path.parent.mkdir(exist_ok=True)
    soundfile.write(path, np.clip(sound, -1.0, 1.0), RATE_HZ, subtype="PCM_16")


def _tile(stem: str, system: str, away_db: float) -> str:
    name, words_of = system.replace("_", " "), escape(LEGEND.get(system, ""))
    distance = "" if system == "original" else f"{away_db:.1f} dB"
    return (
        f'<button class="tile" data-sound="audio/{escape(stem)}.flac" title="{words_of}">'
        f'<img loading="lazy" src="pictures/{escape(stem)}.png" alt="spectrogram, {name}">'
        f"<span>{name}<small>{distance}</small></span></button>"
    )


def _filled(evaluation: Evaluation, parts: Iterable[str]) -> str:
    about = (
        f"sha256 {evaluation.sha256[:12]}; {evaluation.n_known} held-out notes of known instruments "
        f"and {evaluation.n_unseen} of such as were never heard, of {evaluation.corpus}"
    )
    legend = "; ".join(
        f"{name.replace('_', ' ')}: {LEGEND[name]}" for name in evaluation.systems if name in LEGEND
    )
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(f"How near {evaluation.space} comes"),
        about=escape(about),
        goals=goals_html(evaluation),
        systems=systems_html(evaluation),
        legend=escape(legend),
        examples="\n".join(parts),
        families=groups_html(evaluation.families),
        octaves=groups_html(evaluation.octaves),
        moves=moves_html(evaluation) if evaluation.moves else "not measured",
        probes=probes_html(evaluation),
    )

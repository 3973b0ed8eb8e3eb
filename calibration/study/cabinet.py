"""A cabinet: measured pieces on disk, each under all that decides what it comes to."""

import json
import os
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from calibration.simulation.case import Case
from calibration.simulation.shelf import FOLDER, name_of
from calibration.study.piece import FACTORY, LISTENER, OURS, Measured

BASELINES_FROM: Final = (
    "calibration/study/anchors/anchor.py",
    "calibration/study/anchors/mixture.py",
    "calibration/study/anchors/networks.py",
    "calibration/study/anchors/pairs.py",
    "calibration/study/evaluation.py",
    "calibration/study/floor.py",
    "calibration/simulation",
    "calibration/study/audio.py",
    "calibration/study/piece.py",
    "mapper",
    "presets",
    "synth",
)
"""What decides what a baseline comes to, beside the space."""
FACTORY_FROM: Final = (*BASELINES_FROM, "calibration/study/anchors/written.py")
OURS_FROM: Final = ("calibration", "mapper", "presets", "synth")


def made_of(learner: str) -> str:
    """Name the sources that decide what a learner comes to."""
    own = {OURS: OURS_FROM, LISTENER: OURS_FROM, FACTORY: FACTORY_FROM}
    return sources(own.get(learner, BASELINES_FROM))


def sources(of: Iterable[str]) -> str:
    """Name the sources and presets in files and folders of this program."""
    found = [file for path in of for file in _files(_place(path))]
    return name_of(file.read_bytes() for file in sorted(found, key=str))


def _place(path: str) -> Traversable:
    package, *rest = path.split("/")
    return files(package).joinpath(*rest)


def _files(place: Traversable) -> list[Traversable]:
    if place.is_dir():
        return [file for inside in place.iterdir() for file in _files(inside)]
    return [place] if place.name.endswith((".py", ".preset")) else []


def place_of(learner: str, case: Case, times_s: tuple[float, ...], made_of: str) -> Path:
    """Find where a piece is kept."""
    wish = (learner, case.seed, case.number, case.special_share, case.hidden, times_s)
    return FOLDER / "pieces" / f"{name_of([repr(wish), case.space.sha256, made_of])}.json"


def kept(path: Path) -> Measured | None:
    """Take a piece from the cabinet, if it is there."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return None


def keep(path: Path, measured: Measured) -> None:
    """Leave a piece in the cabinet, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(measured))
    partial.replace(path)

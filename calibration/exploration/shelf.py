"""The shelf: where explorations are kept, and what each was begun with."""

from pathlib import Path
from typing import Final

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field

from presets.card import Name, Sha256

FORMAT: Final = "embouchure-exploration-1"
INDEX: Final = "index.sqlite"


class ExplorationError(ValueError):
    """An exploration that is not there or cannot go on; one sentence for the player."""


class Settings(BaseModel):
    """What an exploration was begun with; these alone decide every candidate of its first page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = FORMAT
    name: Name
    seed: int = Field(ge=0)
    count: int = Field(ge=9, le=20_000)
    """How many sounds are wanted, before any are bred."""
    note: float = Field(ge=24, le=108)
    """The key at which all are heard and compared."""
    space_sha256: Sha256


def explorations_folder() -> Path:
    """Where explorations are kept; it may not exist yet."""
    return user_data_path("embouchure", appauthor=False) / "explorations"


def exploration_names() -> list[str]:
    """Names of the explorations there are, the one last worked on first."""
    indexes = explorations_folder().glob(f"*/{INDEX}")
    latest = sorted(indexes, key=lambda index: index.stat().st_mtime_ns, reverse=True)
    return [index.parent.name for index in latest]

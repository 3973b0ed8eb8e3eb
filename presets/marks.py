"""Marks: what a player says of a preset without changing it, the factory's too."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mapper.whole_file import write_whole
from presets import store
from presets.card import Name


class Marks(BaseModel):
    """A favourite or not, and further tags."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    is_favourite: bool = False
    tags: tuple[Name, ...] = Field((), max_length=12)


def _path(name: str) -> Path:
    return store.user_folder() / "marks" / f"{name}.json"


def read_marks(name: str) -> Marks:
    """Read a preset's marks; without any, or where they are damaged, there are none."""
    try:
        return Marks.model_validate_json(_path(name).read_bytes())
    except (OSError, ValidationError):
        return Marks()


def write_marks(name: str, marks: Marks) -> None:
    """Keep a preset's marks.

    Raises
    ------
    OSError
        When they cannot be written.
    """
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, marks.model_dump_json().encode())

"""The plane: where a space's sounds lie, laid out once and then kept."""

import json
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from platformdirs import user_cache_path

from embouchure.folders import APP
from embouchure.service.errand import run_errand
from mapper.whole_file import write_whole
from presets.spaces import factory_space

LAYING_S: Final = 180.0
_laying = Lock()


def plane(space_sha256: str = "") -> dict[str, Any]:
    """Return what `embouchure space map` says of an installed space, or without one the factory's.

    Whoever asks while a plane is laid out waits for it.

    Raises
    ------
    ProgramError
        When it cannot be laid out.
    """
    with _laying:
        return _plane(space_sha256 or factory_space().sha256)


@lru_cache(maxsize=4)
def _plane(space_sha256: str) -> dict[str, Any]:
    path = user_cache_path(APP, appauthor=False) / "planes" / f"{space_sha256}.json"
    try:
        return dict(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        drawn = dict(run_errand("space", "map", "--space", space_sha256, patience_s=LAYING_S))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(drawn).encode(), keeps_old=False)
    return drawn

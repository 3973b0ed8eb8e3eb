"""Labels: tags and favourites, by which presets are found again."""

from typing import Any, Final

from presets import store
from presets.library import change, known, open_bundle, told
from presets.marks import read_marks, write_marks
from presets.names import check_name
from presets.refusal import PresetError

MAX_TAGS: Final = 12


def tag(name: str, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Add tags and remove others; a factory preset's are kept beside it. Returns what it has now.

    Raises
    ------
    PresetError
        When there is no such preset, or a tag is not allowed.
    """
    for word in add:
        check_name(word)
    is_factory = name in store.factory_names()
    now = read_marks(name).tags if is_factory else open_bundle(name).preset.card.tags
    tags = tuple(word for word in dict.fromkeys((*now, *add)) if word not in remove)
    if len(tags) > MAX_TAGS:
        raise PresetError(f"a preset has at most {MAX_TAGS} tags; remove some of {', '.join(tags)}")
    if is_factory:
        _mark(name, tags=tags)
    else:
        change(name, tags=tags)
    return tags


def favour(name: str, *, is_favourite: bool = True) -> None:
    """Make any preset a favourite, or no longer.

    Raises
    ------
    PresetError
        When there is no such preset.
    """
    known(name)
    _mark(name, is_favourite=is_favourite)


def _mark(name: str, **fields: Any) -> None:  # noqa: ANN401
    with told(store.user_folder()):
        write_marks(name, read_marks(name).model_copy(update=fields))

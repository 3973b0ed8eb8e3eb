"""Making way: an own preset whose name a factory one, added later, has taken gets another name."""

from presets import store
from presets.library import history, open_bundle, save, told
from presets.marks import Marks, read_marks, write_marks
from presets.names import free_name
from presets.refusal import PresetError
from presets.setlists import follow_rename
from presets.store import SUFFIX


def make_way() -> list[str]:
    """Give every own preset that a factory one hides a name that is free; say so in sentences.

    Versions and marks go with it, and setlists play it by its new name.
    """
    said = []
    for name in sorted(set(store.factory_names()) & set(store.user_names())):
        new = free_name(name, set(store.names()))
        try:
            _move(name, new)
        except PresetError as error:
            said.append(f"Your own preset {name} is hidden by the factory's of that name: {error}.")
        else:
            said.append(
                f"Your own preset {name} is called {new} now, as a factory preset has that name."
            )
    return said


def _move(name: str, new: str) -> None:
    """Let a preset have another name; under the old one nothing but its history is left."""
    path = store.user_folder() / (name + SUFFIX)
    bundle = open_bundle(str(path)).named(new)
    with told(path):
        history(new).adopt(history(name))
        save(bundle)
        write_marks(new, read_marks(name))
        write_marks(name, Marks())
        follow_rename(name, new)
        path.unlink()

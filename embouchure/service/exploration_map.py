"""The map of an exploration: every sound with its place, its words and its descent, ready for JSON."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.exploration.archive import Found
    from calibration.exploration.exploration import Exploration


def map_of(exploration: "Exploration") -> dict[str, Any]:
    """Lay the sounds found so far out, with what the player thinks of them."""
    from calibration.exploration.plane import plane_of

    found, choices = exploration.found, exploration.choices
    starred, pages = set(choices.starred()), choices.pages()
    plane = plane_of(found) if found else None
    words = exploration.vocabulary.words if found else None
    places = plane.places.tolist() if plane else []
    return {
        "name": exploration.settings.name,
        "note": exploration.settings.note,
        "wanted": exploration.settings.count,
        "kept": exploration.archive.n_kept(),
        "ends": dict(zip(("left", "right", "bottom", "top"), plane.ends, strict=True))
        if plane
        else {},
        "page": pages[-1] if pages else [],
        "sounds": [
            _sound(one, place, words(one.description) if words else "", starred)
            for one, place in zip(found, places, strict=True)
        ],
    }


def _sound(one: "Found", place: list[float], words: str, starred: set[int]) -> dict[str, Any]:
    return {
        "number": one.number,
        "place": [round(x, 4) for x in place],
        "words": words,
        "recipe": one.candidate.recipe,
        "is_starred": one.number in starred,
        "parents": list(one.candidate.parents),
    }

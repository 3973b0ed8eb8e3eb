"""Pages: which few sounds are shown next."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.archive import Found
from calibration.exploration.description import table
from calibration.exploration.spread import APART_DB, nearest_db
from calibration.exploration.taste import features, opinion

PAGE_SIZE: Final = 9
"""No more can be kept in mind while comparing."""


def next_page(
    found: Sequence[Found], starred: Sequence[int], pages: Sequence[Sequence[int]]
) -> list[int]:
    """Choose the numbers of the next page among sounds that were not shown.

    Without a star they come in the order in which they differ most. With stars they are in turn
    the one that the player should like best and the one about which least is known. None is a
    near-duplicate of another on the page.
    """
    shown = set(chain.from_iterable(pages)) | set(starred)
    fresh = [place for place, one in enumerate(found) if one.number not in shown]
    order = _by_taste(found, starred, shown, fresh) if starred else iter(fresh)
    return [found[place].number for place in _apart(found, order)]


def _by_taste(
    found: Sequence[Found], starred: Sequence[int], shown: set[int], fresh: list[int]
) -> Iterator[int]:
    """Alternate between the best expected and the most uncertain, each place once."""
    sounds = features(
        np.array([one.fingerprint for one in found]), table([one.description for one in found])
    )
    liked = [place for place, one in enumerate(found) if one.number in starred]
    passed = [p for p, one in enumerate(found) if one.number in shown and p not in liked]
    liking, doubt = opinion(sounds, liked, passed)
    best = sorted(fresh, key=lambda place: -liking[place])
    unknown = sorted(fresh, key=lambda place: -doubt[place])
    turns = chain.from_iterable(zip_longest(best, unknown))
    return iter(dict.fromkeys(place for place in turns if place is not None))


def _apart(found: Sequence[Found], order: Iterator[int]) -> list[int]:
    """Take the first few of an order that differ audibly from those taken before."""
    chosen: list[int] = []
    taken: list[NDArray[np.float64]] = []
    for place in order:
        mark = found[place].fingerprint
        if taken and nearest_db(mark[None], np.array(taken))[0] < APART_DB:
            continue
        chosen.append(place)
        taken.append(mark)
        if len(chosen) == PAGE_SIZE:
            break
    return chosen

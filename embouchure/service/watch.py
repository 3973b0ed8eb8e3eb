"""A watch over a course: whatever fails in it ends it with a sentence, and nothing else."""

import logging
from collections.abc import Callable

from embouchure.errors import NOT_THE_PLAYERS, player_errors


class Watch:
    """Ends a course that fails with a sentence, whoever is to blame for it."""

    def __init__(self, fail: Callable[[str], None]) -> None:
        self._fail = fail

    def __enter__(self) -> None:
        """Watch."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Exception):
            return False
        if isinstance(error, player_errors()):
            self._fail(str(error))
        else:
            logging.getLogger(__name__).error("a course failed", exc_info=error)
            self._fail(NOT_THE_PLAYERS)
        return True

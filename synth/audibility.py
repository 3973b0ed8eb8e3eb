"""Audibility: between which levels of a frame's parts what is hardly heard turns into what counts."""

from typing import Final

INAUDIBLE_DB: Final = -90.0
"""So far below the frame's loudness nothing is heard."""
AUDIBLE_DB: Final = -50.0
"""From so far below it on everything is."""

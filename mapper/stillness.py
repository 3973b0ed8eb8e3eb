"""Stillness: what of a controller's steps is noise, and from when on."""

from typing import Final

FIRST_S: Final = 0.020
"""Before this age values pass as they come: the attack is the player's."""
NOISE: Final = 0.75 / 127
"""A step of 7 bits up and down again is noise."""

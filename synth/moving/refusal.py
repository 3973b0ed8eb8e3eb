"""The one error of this package."""


class MovingError(ValueError):
    """What was asked of sounds cannot be done; one sentence for the player."""

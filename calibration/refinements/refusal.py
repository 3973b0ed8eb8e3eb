"""The refusal: why a preset cannot be refined so."""


class RefinementError(ValueError):
    """A step of refinement that cannot be taken; the message is one sentence for the player."""

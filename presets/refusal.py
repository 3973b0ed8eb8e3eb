"""The refusal: why a preset cannot be opened or kept."""


class PresetError(ValueError):
    """A file is not a preset, or there is none; the message is one sentence for the player."""

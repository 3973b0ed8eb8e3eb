"""Presets: a mapping with the space, voice and room it was made for."""

"""Measures of how well a space moves: evenly, fused, safely beyond, by analogy, free of pitch."""

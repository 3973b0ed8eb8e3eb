"""The factory presets, and how they are designed: gestures, recipes, demonstrations, fitting."""

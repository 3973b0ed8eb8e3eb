"""The live engine: one compiled function that turns touch events into stereo audio."""

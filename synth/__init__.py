"""Trajectory to sound: the space, the decoder, the voices and the engine."""

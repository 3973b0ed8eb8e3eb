"""MIDI bytes to trajectory: listening, touches, features and the learned mapping."""

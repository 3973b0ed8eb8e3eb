"""The running program, where the mapper and the synth are wired together."""

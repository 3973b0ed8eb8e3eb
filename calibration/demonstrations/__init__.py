"""Demonstrations: a player hears a sound and plays it, and the program learns from that."""

"""Targets: the sounds that a player wants to reach, composed, recorded or drawn."""

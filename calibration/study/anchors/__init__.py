"""Anchors: the ways of learning a mapping that others offer, to be beaten at equal recorded time."""

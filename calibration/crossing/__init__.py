"""Crossing: a preset moves to another space, and sounds there as it did."""

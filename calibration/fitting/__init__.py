"""Fitting: what takes teach a mapping."""

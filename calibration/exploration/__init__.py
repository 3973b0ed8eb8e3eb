"""Exploration: sounds that nobody recorded, found by listening, choosing and breeding."""

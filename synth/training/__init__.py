"""Making a space: corpus, analysis, training and evaluation; never imported by the engine."""

from synth.training.pipeline import run

__all__ = ["run"]

"""Making a space: corpus, analysis, training and evaluation; never imported by the engine."""

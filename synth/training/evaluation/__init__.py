"""Evaluation: how near a space comes to notes it was not trained on, beside bounds and baselines."""

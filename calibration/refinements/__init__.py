"""Refinements: bringing a taught preset nearer to a wish, step by step."""

"""The hand: one player measured on one controller."""

"""How a mapping is learned from a player."""

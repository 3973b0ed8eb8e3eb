"""How a mapping is learned from a player: their hand, their wishes, and what they show."""

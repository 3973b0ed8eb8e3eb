"""Adding sounds to a space that is there: new ones are learned, and the old ones rehearsed."""

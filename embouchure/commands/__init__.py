"""The commands of `embouchure`, one module each."""

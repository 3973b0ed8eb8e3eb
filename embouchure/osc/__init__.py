"""Open Sound Control: gestures and sound out at a chosen rate, notes and commands in."""

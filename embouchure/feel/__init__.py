"""Feel: how a preset answers a finger on a controller, measured from the sound."""

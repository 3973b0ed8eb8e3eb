"""The simulated player: hands, bodies and minds drawn at random, whose wishes are known exactly."""

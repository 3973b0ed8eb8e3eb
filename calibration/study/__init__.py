"""The study: how fast each way of learning reaches the wish, on hidden simulated players."""

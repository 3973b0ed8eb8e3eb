"""A preset as a multisample instrument, for people who stay in a sampler."""

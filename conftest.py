"""Compile and count in tests as in the program; no example is timed."""

import os

from hypothesis import settings

from embouchure.kernel_cache import use_kernel_cache

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
use_kernel_cache()
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

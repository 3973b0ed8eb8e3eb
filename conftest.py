"""Keep compiled kernels apart by their sources, in tests as in the program; no example is timed."""

from hypothesis import settings

from embouchure.kernel_cache import use_kernel_cache

use_kernel_cache()
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

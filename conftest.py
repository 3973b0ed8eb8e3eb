"""Keep compiled kernels apart by their sources, in tests as in the program."""

from embouchure.kernel_cache import use_kernel_cache

use_kernel_cache()

"""`python -m presets.factory`: make the factory presets anew and print how well each was learned."""

import argparse
import os
from tempfile import TemporaryDirectory


def main() -> None:
    """Rebuild every factory preset, or only measure.

    One thread a process, settled before numpy is imported: sums then come in one order, and the
    same space gives the same files. Kernels are compiled for this run alone: numba does not notice
    an edited callee in another file, so kept ones might listen as they used to.
    """
    parser = argparse.ArgumentParser(prog="python -m presets.factory", description=__doc__)
    parser.add_argument("--report", action="store_true", help="measure only; write no preset")
    rebuild = not parser.parse_args().report
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with TemporaryDirectory() as folder:
        os.environ.setdefault("NUMBA_CACHE_DIR", folder)
        from presets.factory.report import print_report

        print_report(rebuild=rebuild)


if __name__ == "__main__":
    main()

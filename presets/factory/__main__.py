"""`python -m presets.factory`: make the factory presets anew and print how well each was learned."""

import os
import sys


def main() -> None:
    """Rebuild every factory preset, or with `--report` only measure.

    One thread a process, settled before numpy is imported: sums then come in one order, and the
    same space gives the same files.
    """
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    from presets.factory.report import print_report

    print_report(rebuild="--report" not in sys.argv[1:])


if __name__ == "__main__":
    main()

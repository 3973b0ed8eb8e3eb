"""`python -m presets.factory`: make the factory presets anew and print how well each was learned."""

import os
import sys

from presets.factory.report import print_report


def main() -> None:
    """Rebuild every factory preset, or with `--report` only measure."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print_report(rebuild="--report" not in sys.argv[1:])


if __name__ == "__main__":
    main()

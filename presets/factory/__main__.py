"""`python -m presets.factory`: make the factory presets anew and print how well each was learned."""

import argparse
import os


def main() -> None:
    """Rebuild every factory preset, or only measure.

    One thread a process, settled before numpy is imported: sums then come in one order, and the
    same space gives the same files.
    """
    parser = argparse.ArgumentParser(prog="python -m presets.factory", description=__doc__)
    parser.add_argument("--report", action="store_true", help="measure only; write no preset")
    rebuild = not parser.parse_args().report
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    from presets.factory.report import print_report

    print_report(rebuild=rebuild)


if __name__ == "__main__":
    main()

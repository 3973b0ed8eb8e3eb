"""`python -m embouchure` is the command `embouchure`."""

from embouchure.cli import main

main()

"""`python -m embouchure` is the command `embouchure`."""

from embouchure.start import main

main()

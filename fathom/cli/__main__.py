"""`python -m fathom.cli` is the command `fathom`."""

from fathom.cli import main

main()

"""Runs the command line as `python -m despin`."""

from despin.cli import main

main()

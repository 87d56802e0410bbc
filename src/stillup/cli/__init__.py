"""The command line: one file per verb; parses arguments, prints, decides nothing."""

from stillup.cli.app import main

__all__ = ["main"]

"""The command line: declared in cli.py, one module for what each command does."""

from tidings.commands.cli import main

__all__ = ["main"]

"""What a command that takes long says on standard error meanwhile."""

import time

import click

PAUSE = 5.0  # seconds between two words about a long table


class Progress:
    """A word on standard error per table, and now and then in a long one."""

    def __init__(self) -> None:
        self._again = time.monotonic() + PAUSE

    def tell(self, table: str, rows: int) -> None:
        """So many are copied; said only when nothing was for a while."""
        if time.monotonic() >= self._again:
            self.end(table, rows, " …")

    def end(self, table: str, rows: int, more: str = "") -> None:
        """Said at once."""
        click.echo(f"{rows:>12,}  {table}{more}", err=True)
        self._again = time.monotonic() + PAUSE

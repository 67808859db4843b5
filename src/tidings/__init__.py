"""Tidings: write once, publish on time to every network, exactly once, from your own server."""

__version__ = "0.1.0"

"""Measurements: each a figure taken in one run, with what the machine was doing. `./test bench`, or `python -m tests.bench`."""

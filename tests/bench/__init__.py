"""Measurements, each taken in one run, with what the machine was doing: `./test bench`, `python -m tests.bench`."""

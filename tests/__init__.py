"""Tests talk at the seams people use: HTTP in, HTTP out, a browser. Fakes are the clock and the simulators only."""

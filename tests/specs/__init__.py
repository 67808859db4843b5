"""Requests against published descriptions: the readers, the comparison, and every network that has a description."""

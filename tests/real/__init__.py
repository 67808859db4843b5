"""Tests against the real servers of others, where they are installed."""

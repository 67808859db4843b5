"""Months of traffic in seconds: the real engine on virtual time, with nodes, people and networks of our making."""

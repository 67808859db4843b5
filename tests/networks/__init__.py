"""The contract suite over every network, and each network's peculiarities."""

"""The instance as whoever runs it sees it: what is wrong with it, what waits, what failed, who is here, what is full.

Figures and acts are made here once; `tidings doctor` and `tidings users`, the pages and the API only show them.
"""

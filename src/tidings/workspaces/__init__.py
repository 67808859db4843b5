"""Whose things these are: people, workspaces, members, and who may do what."""

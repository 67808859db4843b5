"""People, workspaces, roles."""

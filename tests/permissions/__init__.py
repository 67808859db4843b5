"""Who may what, at every route of the program."""

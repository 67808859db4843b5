"""Pictures of every page, to be looked at after a change and for the documentation."""

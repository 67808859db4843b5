"""The house in order: rules about the repository itself, kept as tests."""

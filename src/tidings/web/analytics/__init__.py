"""The pages of what came of it: numbers as charts, each with its table, and as files."""

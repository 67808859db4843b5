"""What is true of both databases: statements as text, and PostgreSQL's connections. Knows nothing of us."""

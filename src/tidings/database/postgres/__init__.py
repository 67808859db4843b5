"""PostgreSQL as Django's database, with a pool that gets over a restart of the server at once."""

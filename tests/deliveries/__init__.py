"""The engine on a real database, with real HTTP to the simulators."""

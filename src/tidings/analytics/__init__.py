"""What came of it: the numbers that networks give, as they grow; collected, kept, reported."""

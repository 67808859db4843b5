"""What networks publish about their interfaces, read into one form, and what our requests make of it."""

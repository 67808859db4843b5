"""What knows nothing of us, tested."""

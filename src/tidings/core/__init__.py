"""What knows nothing of us: time, ids, text, secrets, and the one door out."""

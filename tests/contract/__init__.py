"""One suite over all networks: whatever dies or falls silent, a post is never out twice and never lost without a word."""

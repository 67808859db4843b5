"""One suite over all networks: whatever dies or falls silent, a post is never out twice nor lost without a word."""

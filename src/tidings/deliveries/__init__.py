"""The only thing that ever reaches a network: deliveries, claimed, sent and recorded exactly once."""

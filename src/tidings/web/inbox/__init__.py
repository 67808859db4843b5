"""The inbox as people see it: the list, a conversation, and what can be done with it."""

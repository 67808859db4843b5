"""The inbox: what others write is gathered, looked after, and answered once."""

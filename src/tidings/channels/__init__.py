"""The profiles a workspace may post to, and how they are connected and kept alive."""

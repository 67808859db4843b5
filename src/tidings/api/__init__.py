"""The JSON API at /api/v1: thin over the same verbs as the pages, one file per noun."""

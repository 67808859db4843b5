"""Pages, one file per page family; thin over the verbs of the packages below."""

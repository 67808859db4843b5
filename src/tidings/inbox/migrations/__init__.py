"""How the inbox tables came to be."""

"""The library: real files in, what is kept out."""

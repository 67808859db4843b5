"""Backups: one archive of everything, each owner's part sealed with that owner's own key.

An archive is a zip file, uncompressed: `manifest.json` in clear (ids, counts, checksums), a seal upon it, and one
sealed stream per owner with rows and media files. Read in this order: owners, frames, write, read, put_back, decide.
"""

"""How passwords are hashed: Argon2id with 32 MiB, three rounds, one lane.

More than OWASP's minimum (19 MiB, two rounds), and a third of Django's 100 MiB: a few people signing in at once must
not double what the process holds. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    """Old hashes are made anew with these costs at the next sign-in."""

    time_cost = 3
    memory_cost = 32 * 1024  # KiB
    parallelism = 1

"""Where a person changes what is held about them: a page for each column that they gave us."""

from collections.abc import Mapping

OURS = frozenset({"is_operator", "joined_at", "last_login"})  # nobody gave these: the program counted

_PROFILE, _PRIVACY = "/settings/profile", "/settings/privacy"
EDITED_AT: Mapping[str, str] = {
    **dict.fromkeys(("name", "language", "zone", "clock24", "week_starts", "theme", "single_keys"), _PROFILE),
    **dict.fromkeys(("frozen_at", "mailed", "watched"), _PRIVACY),
    "email": "/accounts/email/",
}

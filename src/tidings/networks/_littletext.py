"""LinkedIn's "little text": https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format"""

import re

MENTION = re.compile(r"@\[([^\]\n]+)\]\((urn:li:(?:person|organization):[\w-]+)\)")
HASHTAG = re.compile(r"(?<![\w#/&])#(\w+)")
SPECIAL = re.compile(r"[|{}@\[\]()<>#\\*_~]")
NAMED = re.compile(r"\{hashtag\|\\#\|([^|}]+)\}")
ESCAPE = re.compile(r"\\(.)")


def little(said: str) -> str:
    """LinkedIn's "little text": mentions kept, hashtags named as such, all else escaped."""
    parts, at = "", 0
    for found in sorted([*MENTION.finditer(said), *HASHTAG.finditer(said)], key=lambda found: found.start()):
        if found.start() < at:
            continue
        named = f"{{hashtag|\\#|{_escaped(found[1])}}}"
        made = f"@[{_escaped(found[1])}]({found[2]})" if found.re is MENTION else named
        parts, at = parts + _escaped(said[at:found.start()]) + made, found.end()
    return parts + _escaped(said[at:])


def _escaped(said: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", said)


def counted(said: str) -> int:
    """Characters as LinkedIn gets them, escapes included."""
    return len(little(said))


def plain(said: str) -> str:
    """Little text as a person reads it."""
    return ESCAPE.sub(r"\1", NAMED.sub(r"#\1", said))

"""What an answer may be, and what may not stand in it."""

from typing import Any

from tests.permissions.scene import KEY, LISTED, MANAGE, OPERATOR, OWN, READ, SECRET, SHOWN
from tests.permissions.table import KEPT_FOR_LONG, UNKEPT, UNKEPT_BY_ALLAUTH, asked
from tests.permissions.visitors import Visitor
from tidings.workspaces.policy import VERBS

REFUSED = {401, 403, 404, 405}


def allowed(line: str, method: str, visitor: Visitor) -> bool:
    """Whether the table lets this visitor in."""
    word = asked(line, method)
    if word in VERBS:
        return visitor.may(word)
    if word == "operator":
        return visitor.operator
    return word == "public" or (word == "person" and visitor.login)


def wrong(line: str, method: str, visitor: Visitor, answer: Any) -> str:
    """What is wrong with the status of this answer; empty: nothing."""
    status, word = answer.status_code, asked(line, method)
    sent_away = status == 302 and answer["Location"].startswith("/accounts/login/")
    if status >= 500 and not (status == 503 and answer["Content-Type"] == "application/problem+json"):
        return f"{status}: {answer.exc_info[1]!r}" if getattr(answer, "exc_info", None) else str(status)
    if method == "HEAD" and status == 405:
        return ""
    if allowed(line, method, visitor):
        return f"{status}, but may" if word in (*VERBS, "operator") and (status in REFUSED or sent_away) else ""
    if not word or status == 405:
        return "" if status in REFUSED or sent_away else f"{status}, but nobody may"
    if visitor.role and word in VERBS:
        return "" if status == 403 else f"{status} instead of 403"
    if not visitor.login:
        return "" if status == 401 or sent_away else f"{status} instead of the sign-in page"
    hides = (404, 403) if word == "self" else (404,)
    return "" if status in hides else f"{status} instead of 404"


def kept(pattern: str, answer: Any) -> str:
    """What is wrong with what a browser is told about keeping this answer; empty: nothing."""
    said = answer.headers.get("Cache-Control", "")
    if pattern in UNKEPT or pattern.startswith("api/"):
        return "" if said == "no-store" else f"may be kept: {said!r}"
    if pattern in UNKEPT_BY_ALLAUTH or (pattern in KEPT_FOR_LONG and answer.status_code == 200):
        return ""
    return "" if said == "private, no-cache" else f"is kept as {said!r}"


def hidden(visitor: Visitor) -> list[str]:
    """The marks that this visitor must see nowhere."""
    sees = {
        READ: bool(visitor.role), SHOWN: bool(visitor.role) or visitor.operator,
        LISTED: visitor.may("manage") or visitor.operator, MANAGE: visitor.may("manage"), OPERATOR: visitor.operator,
        OWN: False, SECRET: False, KEY: False,
    }  # fmt: skip
    return [mark for mark, may in sees.items() if not may]


def leaks(visitor: Visitor, answer: Any) -> str:
    """A mark that stands in the answer, or in its headers; empty: none."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    said = content.decode(errors="replace") + repr(dict(answer.items())) + repr(answer.cookies)
    return ", ".join(mark for mark in hidden(visitor) if mark in said)

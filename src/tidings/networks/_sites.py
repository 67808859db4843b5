"""What networks that are a site of one's own have in common: how the address is read, and HTTP Basic."""

import base64


def address(typed: str) -> str:
    """The address of a site as it was typed, with its scheme and without a slash at its end."""
    site = typed.strip().rstrip("/")
    return site if "://" in site else f"https://{site}"


def basic(user: str, password: str) -> dict[str, str]:
    """The header that says who one is (RFC 7617)."""
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}

"""How the address of a post, as a person pastes it, is read."""

import re

from tidings.networks.errors import Rejected
from tidings.networks.seam import Receipt


def receipt_at(url: str, form: str, what: str) -> Receipt:
    """The post at this address: its id is the first group of `form`. Raises Rejected when it is not that of `what`."""
    found = re.fullmatch(form, url.strip())
    if not found:
        raise Rejected(f"This is not the address of {what}.")
    return Receipt(found[1], url.strip())

"""What readers write under an article on Hashnode: comments, each with its answers, in pages."""

from typing import Any

from tidings.simulators._remarks import Remark, Remarks

PAGE = 50  # as many as are asked for


def connection(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """A list as their GraphQL gives it."""
    return {"edges": [{"node": node} for node in nodes]}


def threads(remarks: Remarks, post: str, after: str | None) -> dict[str, Any]:
    """A page of the comments under an article."""
    first = [one for one in remarks.under(post) if one.reply_to in ("", post)]
    start = int(after or 0)
    end, shown = start + PAGE, first[start : start + PAGE]
    told = connection([_told(one) | {"replies": connection(_answers(remarks, one))} for one in shown])
    return {"comments": told | {"pageInfo": {"hasNextPage": end < len(first), "endCursor": str(end)}}}


def _answers(remarks: Remarks, above: Remark) -> list[dict[str, Any]]:
    return [_told(one) for one in remarks.values() if one.reply_to == above.id][:PAGE]


def _told(one: Remark) -> dict[str, Any]:
    author = {"id": f"id-of-{one.author}", "username": one.author, "name": one.author.title()}
    added = f"{one.at:%Y-%m-%dT%H:%M:%S}.000Z"
    return {"id": one.id, "dateAdded": added, "content": {"text": one.text}, "author": author}

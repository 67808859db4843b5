"""How Meta's networks list what others write, in a box: pages behind cursors.

`hidden`: what the profile, or a filter, has hidden there. `at_once`: entries of a page at most.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators import _meta
from tidings.simulators._meta import MetaBox
from tidings.simulators.base import Remark

Row = dict[str, Any]


class RemarksBox(MetaBox):
    """Remarks and our own answers hang on each other."""

    at_once = 100

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.hidden: set[str] = set()

    def parent(self, id: str) -> str:
        """What a remark, or one of our own, hangs on; nothing for a post."""
        raise NotImplementedError

    def above(self, remark: Remark) -> str:
        """What this remark answers."""
        return remark.reply_to or remark.on

    def top(self, id: str) -> str:
        """The comment right under the post that this one is below, or is."""
        while self.parent(self.parent(id)):
            id = self.parent(id)
        return id

    def ancestors(self, id: str) -> Iterator[str]:
        """Everything above this, up to the post."""
        while id := self.parent(id):
            yield id

    def paged(self, request: Request, rows: Sequence[Row]) -> Response:
        """The page of them that is asked for."""
        return JSONResponse(self.page_of(rows, request.query_params))

    def page_of(self, rows: Sequence[Row], asked: Any) -> Row:
        """So many from a cursor on; there is a next page where more are left."""
        begins, most = int(asked.get("after") or 0), min(int(asked.get("limit") or 25), self.at_once)
        ends = begins + most
        paging = {"cursors": {"before": str(begins), "after": str(ends)}}
        more = {"next": "another page"} if ends < len(rows) else {}
        return {"data": list(rows[begins:ends]), "paging": paging | more}

    def there(self, id: str) -> None:
        """Refuses what nothing hangs on, for it is not there."""
        if id not in self.posts and id not in self.remarks:
            raise _meta.not_there(id)

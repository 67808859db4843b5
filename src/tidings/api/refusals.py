"""What an operation answers when it refuses, as its description declares it: problem documents, RFC 9457."""

from typing import Any

from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema

from tidings.problem import TITLES

EVERYWHERE = (400, 401, 403, 404, 422, 429)
CHANGING = (409,)
ASKING = (409, 503)  # of what asks the network
ASKS = ("options/{name}", "mentions", "candidates")


class Problem(Schema):
    """One error. `fields`: what is wrong where; some carry more, such as `revision` or `problems`."""

    title: str
    status: int
    detail: str
    fields: dict[str, str]


def statuses(method: str, path: str) -> tuple[int, ...]:
    """What this operation may refuse with."""
    if path.endswith(ASKS):
        return EVERYWHERE + ASKING
    return EVERYWHERE if method == "get" else EVERYWHERE + CHANGING


class Described(NinjaAPI):
    """The API, whose description names the refusals too."""

    _made: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        """The description, made once: it takes a tenth of a second, and anybody may ask for it."""
        return self._made.setdefault(repr(named), self._made.get(repr(named)) or self._described(**named))

    def _described(self, **named: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**named)
        schema["components"]["schemas"]["Problem"] = Problem.json_schema()
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                for status in statuses(method, path):
                    operation["responses"].setdefault(status, _refusal(status))
        return schema


def _refusal(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": str(TITLES.get(status, "The network cannot be asked just now")), "content": content}

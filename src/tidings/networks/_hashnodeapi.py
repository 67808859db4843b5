"""What is asked of Hashnode's GraphQL, and how: errors come in a list, with HTTP 200."""

from collections.abc import Mapping
from typing import Any

from tidings.core.http import Answer
from tidings.networks.base import Network
from tidings.networks.errors import Reconnect, Rejected, Unsure

ME = "query Me { me { username publications(first: 50) { edges { node { id title url favicon } } } } }"
PRO = "query Pro($id: ObjectId!) { publication(id: $id) { id } }"
SERIES = "query Series($id: ObjectId!) { publication(id: $id) { seriesList(first: 99) { edges { node { id name } }} } }"
DRAFTS = "query Drafts($id: ObjectId!) { publication(id: $id) { drafts(first: 50) { edges { node { id slug } } } } }"
FIND = "query Find($id: ObjectId!, $slug: String!) { publication(id: $id) { post(slug: $slug) { id url } } }"
UPLOAD = """mutation Upload($input: CreateImageUploadInput!) {
  createImageUploadURL(input: $input) { presignedPost { url fields } } }"""
DRAFT = "mutation Draft($input: CreateDraftInput!) { createDraft(input: $input) { draft { id } } }"
PUBLISH = "mutation Publish($input: PublishDraftInput!) { publishDraft(input: $input) { post { id url } } }"

ONE = "one"  # how each of several is called that are asked for at once: one0, one1 …


class Gone(Rejected):
    """What was named is not there, or hidden from us."""


class HashnodeApi(Network):
    """Whatever is asked of Hashnode goes this way."""

    hosts = {
        "api": "https://gql-beta.hashnode.com", "cdn": "https://cdn.hashnode.com", "site": "https://hashnode.com",
    }  # fmt: skip
    codes = {"UNAUTHENTICATED": Reconnect, "FORBIDDEN": Reconnect, "NOT_FOUND": Gone, "INTERNAL_SERVER_ERROR": Unsure}

    def asked(self, query: str, **variables: Any) -> dict[str, Any]:
        """What Hashnode says to one of the documents above."""
        said = self.call("POST", f"{self.hosts['api']}/", json={"query": query, "variables": variables}).json()
        if not isinstance(said, dict) or not isinstance(said.get("data"), dict):
            raise Unsure("Something answered in place of Hashnode.")
        return dict(said["data"])

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The token is for Hashnode itself only, not for where pictures are kept."""
        return super().headers(method, url) if url.startswith(self.hosts["api"]) else {}

    def code(self, answer: Answer) -> str:
        """Their errors come in a list, with HTTP 200."""
        return next((_code(one) for one in _errors(answer)), "")

    def said(self, answer: Answer) -> str:
        """The first of them."""
        return next((str(one.get("message", "")) for one in _errors(answer)), "")


def nodes(connection: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a connection connects to."""
    return [edge["node"] for edge in connection["edges"]]


def _errors(answer: Answer) -> list[dict[str, Any]]:
    """Without those that only say of one of several that it is not there."""
    said = answer.json()
    found = said.get("errors") or () if isinstance(said, dict) else ()
    return [one for one in found if not (_code(one) == "NOT_FOUND" and str(*one.get("path", [])[:1]).startswith(ONE))]


def _code(error: Mapping[str, Any]) -> str:
    return str(error.get("extensions", {}).get("code", "unknown"))

"""A network that keeps its posts as records in a repository of the AT Protocol: signing in, reading, writing.

https://atproto.com/specs/xrpc, https://atproto.com/specs/oauth; methods are com.atproto.server.* and .repo.*
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

import jwt

from tidings.core.http import Answer, Purpose, Transport
from tidings.networks import _atclient, _atproto, dpop, oauth
from tidings.networks.base import Network
from tidings.networks.declare import Endpoints
from tidings.networks.errors import Later, Reconnect, Rejected, Unsure
from tidings.networks.seam import Access, App, Grant, Receipt, Seen, Site


class Repository(Network):
    """One repository, entered by OAuth (DPoP) or by app password (Bearer). `hosts` has `entry` and `plc`."""

    scopes: ClassVar[tuple[str, ...]]
    posts: ClassVar[str]  # the collection they are kept in
    reads_free = True
    words = {
        "BlobNotFound": Later, "InvalidSwap": Unsure, "ExpiredToken": Reconnect, "InvalidToken": Reconnect,
        "AccountTakedown": Reconnect, "AccountDeactivated": Reconnect, "ScopeMissingError": Reconnect,
    }

    def __init__(self, access: Access, door: Transport, purpose: Purpose) -> None:
        super().__init__(access, door, purpose)
        self.plain = door  # for servers that are not the repository's own
        if key := access.secrets.get("dpop_key"):
            self.door = dpop.proving(door, key, access.secrets["access_token"])

    # connecting

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        entry = _atproto.safe(fields.get("server") or cls.hosts["entry"])
        who = _atproto.identify(fields.get("handle", ""), entry, cls.hosts["plc"], door)
        about = _atproto.fetch(f"{who.pds}/xrpc/com.atproto.server.describeServer", door)
        return {
            "did": who.did, "handle": who.handle, "pds": who.pds, "service": about.get("did", ""),
            "blob_limit": about.get("blobUploadLimit", 0), **_atclient.authorization(who.pds, door),
        }

    @classmethod
    def register(cls, server: Mapping[str, Any], site: Site, door: Transport) -> App:
        return _atclient.register(site, cls.scopes, f"{site.base_url}/connect/documents/{cls.name}")

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        return _atclient.endpoints(server)

    @classmethod
    def assertion(cls, app: App, audience: str) -> str:
        return oauth.client_assertion(app, audience) if app.client_secret else ""

    @classmethod
    def documents(cls, site: Site, app: App) -> Mapping[str, Any]:
        return _atclient.documents(site, app, cls.scopes)

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        wish = {"identifier": self.did, "password": fields["password"].strip()}
        try:
            return self._session(self.call("POST", self.xrpc("server.createSession"), json=wish))
        except Reconnect as refused:
            raise Rejected(f"{self.label} did not accept this app password: {refused.reason}") from refused

    def renew(self) -> Grant:
        if "dpop_key" in self.access.secrets:
            return self._flow().refresh(self.access.secrets)
        return self._session(self._with_refresh("server.refreshSession"))

    def revoke(self) -> None:
        if "dpop_key" in self.access.secrets:
            self._flow().revoke(self.access.secrets)
        else:
            self._with_refresh("server.deleteSession")

    def session(self) -> dict[str, Any]:
        """Whose access this is; raises Rejected when it is not the account that was asked for."""
        said: dict[str, Any] = self.call("GET", self.xrpc("server.getSession")).json()
        if {said["did"], self.access.secrets.get("sub", self.did)} != {self.did}:
            raise Rejected(f"You signed in as @{said['handle']}, not as @{self.access.server['handle']}.")
        return said

    def _with_refresh(self, method: str) -> Answer:
        bearer = {"Authorization": f"Bearer {self.access.secrets['refresh_token']}"}
        return self.call("POST", self.xrpc(method), headers=bearer)

    def _flow(self) -> oauth.Flow:
        if self.access.app is None:
            raise Reconnect("The credentials this channel was connected with are gone.")
        return oauth.Flow(self.endpoints(self.access.server), self.access.app, self.plain, self.assertion)

    def _session(self, answer: Answer) -> Grant:
        body = answer.json()
        ends = jwt.decode(body["accessJwt"], options={"verify_signature": False})["exp"]
        secrets = {"access_token": body["accessJwt"], "refresh_token": body["refreshJwt"], "sub": body["did"]}
        return Grant(secrets, datetime.fromtimestamp(ends, UTC))

    # records

    def put(self, collection: str, rkey: str, record: Mapping[str, Any]) -> dict[str, str]:
        """Make this record; the same one again changes nothing, another one is refused (InvalidSwap).

        createRecord would answer 500 when the key is taken, even by the same record.
        """
        wish = {**self._place(collection, rkey), "validate": True, "swapRecord": None, "record": record}
        body = self.call("POST", self.xrpc("repo.putRecord"), json=wish).json()
        return {"uri": body["uri"], "cid": body["cid"]}

    def record(self, collection: str, rkey: str) -> dict[str, Any] | None:
        """The record under this key, None when the server says that there is none."""
        try:
            url = self.xrpc("repo.getRecord", **self._place(collection, rkey))
            found = self.call("GET", url).json()
        except Rejected as refused:
            if "RecordNotFound" in refused.reason:
                return None
            raise
        if not isinstance(found, dict):
            raise Unsure(f"Something answered in place of {self.label}.")
        return found

    def receipt(self, made: Mapping[str, Any]) -> Receipt:
        """The receipt of a post's record."""
        raise NotImplementedError

    def recent(self, since: datetime) -> list[Seen]:
        wish = {"repo": self.did, "collection": self.posts, "limit": "40"}
        said = self.call("GET", self.xrpc("repo.listRecords", **wish)).json()["records"]
        latest = [self._seen(made) for made in said if _atproto.is_tid(made["uri"].rpartition("/")[2])]
        return [seen for seen in latest if seen.at >= since]

    def _seen(self, made: Mapping[str, Any]) -> Seen:
        """Its time is read from its key: what other programs write into `createdAt` may be anything."""
        at = _atproto.moment(made["uri"].rpartition("/")[2])
        return Seen(self.receipt(made), str(made["value"].get("text", "")), at)

    def present(self, receipt: Receipt) -> bool:
        *_owner, collection, rkey = receipt.id.split("/")
        return self.record(collection, rkey) is not None

    def drop(self, collection: str, rkey: str) -> None:
        """Delete a record; one that is not there is no error."""
        self.call("POST", self.xrpc("repo.deleteRecord"), json=self._place(collection, rkey))

    def resolved(self, handles: Iterable[str]) -> dict[str, str]:
        """The DIDs of these handles, empty where nobody is called so."""
        return {handle: _atproto.resolve(handle, self.access.server["pds"], self.plain) for handle in handles}

    def _place(self, collection: str, rkey: str) -> dict[str, str]:
        return {"repo": self.did, "collection": collection, "rkey": rkey}

    # speaking

    @property
    def did(self) -> str:
        """The account's permanent id."""
        return str(self.access.server["did"])

    def xrpc(self, method: str, **query: str) -> str:
        """The address of a com.atproto method at the account's own server."""
        url = f"{self.access.server['pds']}/xrpc/com.atproto.{method}"
        return f"{url}?{urlencode(query)}" if query else url

    def headers(self, method: str, url: str) -> dict[str, str]:
        token = self.access.secrets.get("access_token")
        return {"Authorization": f"Bearer {token}"} if token and "dpop_key" not in self.access.secrets else {}

    def said(self, answer: Answer) -> str:
        body, said = answer.json(), super().said(answer)
        return f"{said} ({body['error']})" if said and body.get("error") else said

"""How a WordPress site is entered and spoken to: by application passwords, at whichever address its API has."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from tidings.core import http
from tidings.core.http import Transport
from tidings.networks import _sites
from tidings.networks.base import Network, ask
from tidings.networks.errors import Later, Reconnect, Rejected
from tidings.networks.oauth import same_state
from tidings.networks.seam import App, Grant, Pending, Profile, Site


class Gone(Rejected):
    """The site says that it has no such article."""


class NoRoute(Reconnect):
    """The site has no such place, or has closed it."""


class WordPressApi(Network):
    """Whatever is asked of a site goes this way."""

    codes = {
        "application_passwords_disabled": Reconnect, "rest_cannot_edit": Reconnect, "rest_cannot_publish": Reconnect,
        "rest_forbidden": Reconnect, "rest_no_route": NoRoute, "rest_post_invalid_id": Gone,
        "rest_upload_sideload_error": Rejected, "rest_upload_unknown_error": Rejected,  # both with a 500
        "comment_flood": Later,
    }

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """Where the site's API is; raises Rejected when there is none."""
        site = _sites.address(fields["server"])
        for api in (f"{site}/wp-json", f"{site}/?rest_route="):
            said = ask(door, http.Request("GET", f"{api}/", "connect")).json()
            if isinstance(said, dict) and "wp/v2" in said.get("namespaces", ()):
                offered = (said.get("authentication") or {}).get("application-passwords", {}).get("endpoints", {})
                return {"url": site, "api": api, "title": said["name"], "authorize": offered.get("authorization", "")}
        raise Rejected("There is no WordPress site with an open REST API at this address.")

    @classmethod
    def leave(cls, server: Mapping[str, Any], app: App | None, site: Site) -> Pending:
        """The page of the site on which a person makes an application password for us."""
        if not server["authorize"]:
            raise Rejected("This site offers no application passwords; they need WordPress 5.6 and https.")
        state, name = secrets.token_urlsafe(24), f"{site.name} {secrets.token_hex(3)}"  # no name is taken twice
        wish = {"app_name": name, "success_url": f"{site.redirect_uri}?state={state}"}
        return Pending(f"{server['authorize']}?{urlencode(wish)}", {"state": state})

    @classmethod
    def arrive(
        cls, server: Mapping[str, Any], app: App | None, door: Transport, keep: Mapping[str, str],
        query: Mapping[str, str],
    ) -> Grant:
        """Who approved brings back the name and the password."""
        same_state(keep, query)
        if not query.get("password"):
            raise Rejected("Access was not granted.")
        return Grant({"user": query["user_login"], "password": query["password"]})

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """What was typed is what is kept: an application password, never the person's own."""
        return Grant({"user": fields["user"].strip(), "password": fields["password"].strip()})

    def profile(self) -> Profile:
        """Whose password this is, and whether they may write."""
        me = self.call("GET", self.at("/wp/v2/users/me", context="edit")).json()
        if not me.get("capabilities", {}).get("publish_posts"):
            raise Rejected(f"{me['name']} may not publish on this site.")
        site, faces = self.access.server["url"], me.get("avatar_urls") or {}
        handle = f"{me['slug']}@{urlsplit(site).netloc}"
        return Profile(str(me["id"]), handle, self.access.server["title"] or handle, faces.get("96", ""), site)

    def revoke(self) -> None:
        """Forget the password that is in use."""
        own = self.at("/wp/v2/users/me/application-passwords")
        self.call("DELETE", f"{own}/{self.call('GET', f'{own}/introspect').json()['uuid']}")

    def at(self, path: str, **query: str) -> str:
        """An address of the site's API; sites without pretty addresses carry it in the query."""
        url, joins = f"{self.access.server['api']}{path}", "&" if "?" in self.access.server["api"] else "?"
        return f"{url}{joins}{urlencode(query)}" if query else url

    def headers(self, method: str, url: str) -> dict[str, str]:
        """HTTP Basic."""
        return _sites.basic(self.access.secrets["user"], self.access.secrets["password"])

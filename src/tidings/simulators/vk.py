"""VK in a box: methods by form, errors with status 200, guids that are remembered for an hour, upload servers.

https://dev.vk.com/en/reference. Switches: `next_error` (code and words for the next post or comment), `reads_nothing`
(the upload server answers without a photo), `hides_statistics` (the person may not see those of the community),
`closed` (posts whose comments the person may not see).
"""

import html
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, App, Profile
from tidings.simulators import _face
from tidings.simulators._vkid import CLIENT, DEVICE, VkId
from tidings.simulators._vknumbers import VkStatistics
from tidings.simulators._vkwall import Form, error
from tidings.simulators.base import Refusal, Simulator


class VkNetwork(VkStatistics):
    """Walls, comments, files and polls. A person's name is their number's name; two communities are everybody's."""

    name = "vk"
    reads_nothing = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth = self.id = VkId(self.name, url)
        self.people: dict[str, int] = {}
        self.polls: dict[str, Form] = {}

    def hosts(self) -> dict[str, str]:
        """All hosts are this one."""
        return {"id": self.url, "api": self.url, "page": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.id.routes("/authorize", "/oauth2/auth", "/oauth2/revoke"),
            Route("/method/{name}", self.method, methods=["POST"]),
            Route("/upload/{kind}/{id}", self.upload, methods=["POST"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/wall{id}", self.page),
        ]

    def number(self, account: str) -> int:
        """The number of a person."""
        return self.people.setdefault(account, 100 + len(self.people))

    def access(self, account: str = "demo") -> Access:
        """A connected channel: this person's own wall, by name or number."""
        account = next((name for name, number in self.people.items() if account == str(number)), account)
        token = self.oauth.grant(account)
        profile = Profile(str(self.number(account)), f"@{account}", account.title(), "", f"{self.url}/{account}")
        kept = {"access_token": token.access, "refresh_token": token.refresh, "device_id": DEVICE, "state": "s"}
        return Access(profile, kept, {}, App(CLIENT))

    async def method(self, request: Request) -> Response:
        """Any method: `wall.post` is `wall_post` here. Errors come with status 200."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            if form.get("v") != "5.199":
                raise error(8, "Invalid request: v is required")
            person = self.id.person(form.get("access_token", ""))
            call = getattr(self, request.path_params["name"].replace(".", "_"), None)
            if call is None:
                raise error(3, "Unknown method passed")
            return JSONResponse({"response": call(str(self.number(person)), person, form)})
        except Refusal as refused:
            return JSONResponse({"error": refused.body})

    def users_get(self, me: str, person: str, form: Form) -> Any:
        """Who it is."""
        face = f"{self.url}/faces/{person}.png"
        name = {"first_name": person.title(), "last_name": "N", "screen_name": person}
        counted = {"followers_count": self.crowd(me, "followers_count")}
        return [{"id": int(me), **name, "photo_200": face} | (counted if "followers_count" in form["fields"] else {})]

    def groups_get(self, me: str, person: str, form: Form) -> Any:
        """The communities one may write for."""
        if form.get("filter") != "editor" or form.get("extended") != "1":
            raise error(100, "One of the parameters specified was missing or invalid: filter")
        return {"count": 1, "items": [{"id": 45, "name": "Bakers", "screen_name": "bakers", "photo_200": ""}]}

    def photos_getWallUploadServer(self, me: str, person: str, form: Form) -> Any:
        """Where a picture goes."""
        return {"upload_url": f"{self.url}/upload/photo/{self.new_id()}"}

    def photos_saveWallPhoto(self, me: str, person: str, form: Form) -> Any:
        """A picture that was uploaded gets a number."""
        if self.media.get(form.get("photo", ""), {}).get("hash") != form.get("hash"):
            raise error(100, "One of the parameters specified was missing or invalid: photo")
        return [{"id": int(form["photo"]), "owner_id": int(me), "text": form.get("caption", "")}]

    def video_save(self, me: str, person: str, form: Form) -> Any:
        """Where a film goes, and which it will be."""
        id = self.new_id()
        owner = -int(form["group_id"]) if "group_id" in form else int(me)
        return {"upload_url": f"{self.url}/upload/video_file/{id}", "owner_id": owner, "video_id": int(id)}

    async def upload(self, request: Request) -> Response:
        """The upload servers, which know nobody's token."""
        kind, id = request.path_params["kind"], request.path_params["id"]
        form = await request.form()
        if kind not in form or "authorization" in request.headers:
            return JSONResponse({"error": "ERR_UPLOAD_BAD_IMAGE_SIZE"})
        self.media[id] = {"hash": f"h{id}", "kind": kind}
        told = {"server": 7, "photo": "[]" if self.reads_nothing else id, "hash": f"h{id}"}
        return JSONResponse(told if kind == "photo" else {"video_id": int(id), "size": 1})

    def polls_create(self, me: str, person: str, form: Form) -> Any:
        """A poll, to be attached."""
        if not form.get("question") or not 1 <= len(json.loads(form["add_answers"])) <= 10:
            raise error(100, "One of the parameters specified was missing or invalid: add_answers")
        id = self.new_id()
        self.polls[f"poll{form['owner_id']}_{id}"] = form
        return {"id": int(id), "owner_id": int(form["owner_id"])}

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        said = html.escape(post["text"]) if post else "This post has been deleted"
        return HTMLResponse(f"<title>VK simulator</title><p>{said}</p>", 200 if post else 404)


def simulator(url: str) -> Simulator:
    """A fresh VK at this address."""
    return VkNetwork(url)

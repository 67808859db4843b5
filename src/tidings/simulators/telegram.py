"""Telegram in a box: the Bot API, https://core.telegram.org/bots/api

Switches: `per_minute` (messages in a chat; 0: any number), `moved` (old id of a group -> its id as a supergroup),
`kicked` (chats that threw the bot out), `may` (what the bot is in a chat, unless it may all).
"""

import html
import json
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tidings.core import clock, text
from tidings.networks.base import Access, Profile
from tidings.simulators.base import Refusal, Simulator

BOT = "4242:demo-bot"
CODE = "tidings-code-of-demo"
MB = 1_000_000
FILES = {"sendPhoto": ("photo", 10 * MB), "sendVideo": ("video", 50 * MB), "sendAnimation": ("animation", 50 * MB)}
PLAIN = ("text", "caption")
ADMIN = {"status": "administrator", "can_post_messages": True, "can_pin_messages": True}


class TelegramNetwork(Simulator):
    """Chats, updates, messages of every kind, flood control, groups that move."""

    name = "telegram"
    carried_to = "/demo"
    per_minute = 0

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.tokens, self.updates, self.last = {BOT}, list[dict[str, Any]](), 0
        self.chats, self.may = dict[int, dict[str, Any]](), dict[int, dict[str, Any]]()
        self.moved, self.kicked = dict[int, int](), set[int]()
        for id, name in ((-1001, "demo"), (-1002, "other")):
            self.chats[id] = {"id": id, "type": "channel", "title": name.title(), "username": name}

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"api": self.url, "site": self.url}

    def routes(self) -> list[Route]:
        """One path for all methods; the page of a chat, where people write; the page of a message."""
        both = ["GET", "POST"]
        api, chat = Route("/bot{token}/{method}", self.method, methods=both), "/{name}"
        return [api, Route(chat, self.chat_page, methods=both), Route(chat + "/{id}", self.page)]

    def typed(self) -> dict[str, str]:
        """The bot's token; the code has been posted."""
        self.say(-1001, CODE)
        return {"token": BOT, "code": CODE}

    def access(self, account: str = "demo") -> Access:
        """A connected channel: the public chat of this name, or id."""
        named = [(str(id), str(chat.get("username", ""))) for id, chat in self.chats.items()]
        ((id, account),) = [both for both in named if account in both]
        profile = Profile(id, f"@{account}", account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"token": BOT, "chats": id})

    def lock_out(self) -> None:
        """@BotFather gave out another token."""
        self.tokens.clear()

    def say(self, chat: int, words: str) -> None:
        """Somebody writes in a chat; the bot hears of it."""
        kind = "channel_post" if self.chats[chat]["type"] == "channel" else "message"
        message = {"message_id": self.next(), "chat": self.chats[chat], "text": words}
        self.updates.append({"update_id": len(self.updates) + 1, kind: message})

    def next(self) -> int:
        """The number of the next message."""
        self.last += 1
        return self.last

    async def method(self, request: Request) -> Response:
        """Any method of the Bot API."""
        if request.path_params["token"] not in self.tokens:
            raise refusal(401, "Unauthorized")
        wish, method = await _fields(request), request.path_params["method"]
        if method == "getUpdates":
            return _ok(self.updates[int(wish.get("offset", 0)):])
        chat = self._chat(int(wish["chat_id"]))
        if method.startswith("send"):
            return self._send(method, chat, wish)
        said: dict[str, Any] = {"getChat": chat, "getChatMember": self.may.get(chat["id"], ADMIN)}
        said["getChatMemberCount"] = self.crowd(str(chat["id"]), "getChatMemberCount")
        return _ok(said[method] if method in said else self._act(method, chat, wish))

    def _act(self, method: str, chat: dict[str, Any], wish: dict[str, Any]) -> bool:
        if method == "deleteMessages":
            return self._delete(wish)
        edit = method.removeprefix("editMessage").lower()
        return self._pin(chat, wish) if method == "pinChatMessage" else self._edit(wish, edit)

    def _chat(self, id: int) -> dict[str, Any]:
        if id in self.moved:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            raise refusal(400, said, {"migrate_to_chat_id": self.moved[id]})
        if id not in self.chats:
            raise refusal(400, "Bad Request: chat not found")
        if id in self.kicked:
            raise refusal(403, "Forbidden: bot was kicked from the channel chat")
        return self.chats[id]

    def _send(self, method: str, chat: dict[str, Any], wish: dict[str, Any]) -> Response:
        self._look(method, wish)
        self._flood(chat)
        parent = (wish.get("reply_parameters") or {}).get("message_id")
        if parent and str(parent) not in self.posts:
            raise refusal(400, "Bad Request: message to be replied not found")
        ids = [self.next() for _piece in wish.get("media", [0])]
        files = {name: value for name, value in wish.items() if hasattr(value, "read")}
        self.posts[str(ids[0])] = {
            "ids": ids, "chat": chat["id"], "at": clock.now(), "method": method, "pinned": False,
            "wish": {name: value for name, value in wish.items() if name not in ("chat_id", *files)},
            "files": [file.filename for file in files.values()],
        }
        made = [{"message_id": id, "chat": chat} for id in ids]
        return _ok(made if method == "sendMediaGroup" else made[0])

    def _look(self, method: str, wish: dict[str, Any]) -> None:
        words = wish.get("text", wish.get("caption", ""))
        if method == "sendMessage" and not words.strip():
            raise refusal(400, "Bad Request: message text is empty")
        if text.utf16(words) > (4096 if method == "sendMessage" else 1024):
            raise refusal(400, "Bad Request: message is too long")
        if method in FILES and wish[FILES[method][0]].size > FILES[method][1]:
            raise refusal(413, "Request Entity Too Large")
        if method == "sendMediaGroup":
            _album(wish)
        if method == "sendPoll" and (len(wish["question"]) > 300 or len(wish["options"]) > 12):
            raise refusal(400, "Bad Request: poll question length must not exceed 300")

    def _flood(self, chat: dict[str, Any]) -> None:
        since = clock.now() - timedelta(minutes=1)
        recent = [p["at"] for p in self.posts.values() if p["chat"] == chat["id"] and p["at"] > since]
        if self.per_minute and len(recent) >= self.per_minute:
            wait = int((min(recent) - since).total_seconds()) + 1
            raise refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})

    def _pin(self, chat: dict[str, Any], wish: dict[str, Any]) -> bool:
        if not self.may.get(chat["id"], ADMIN).get("can_pin_messages"):
            raise refusal(400, "Bad Request: not enough rights to manage pinned messages in the chat")
        self.posts[str(wish["message_id"])]["pinned"] = True
        return True

    def _edit(self, wish: dict[str, Any], field: str) -> bool:
        post = self.posts.get(str(wish["message_id"]))
        if post is None:
            raise refusal(400, "Bad Request: message to edit not found")
        if post["wish"].get(field) == wish[field]:
            raise refusal(400, "Bad Request: message is not modified")
        post["wish"] |= {field: wish[field], "reply_markup": wish.get("reply_markup")}
        return True

    def _delete(self, wish: dict[str, Any]) -> bool:
        for id in wish["message_ids"]:
            self.posts.pop(str(id), None)
        return True

    async def chat_page(self, request: Request) -> Response:
        """A chat as people see it, with a place to write."""
        (chat,) = [chat for chat in self.chats.values() if chat.get("username") == request.path_params["name"]]
        if request.method == "POST":
            self.say(chat["id"], str((await request.form()).get("words", "")))
            return RedirectResponse(str(request.url), 303)
        said = "".join(f"<p>{_said(post)}</p>" for post in self.posts.values() if post["chat"] == chat["id"])
        said += "<form method=post><input name=words aria-label=Message> <button>Post</button></form>"
        return HTMLResponse(f"<title>Telegram simulator</title><h1>{html.escape(chat['title'])}</h1>{said}")

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        if post is None:
            return HTMLResponse("<h1>No such message</h1>", 404)
        return HTMLResponse(f"<title>Telegram simulator</title><h1>@{request.path_params['name']}</h1><p>{_said(post)}")


def _said(post: dict[str, Any]) -> str:
    wish = {**post["wish"].get("media", [{}])[0], **post["wish"]}
    words = wish.get("text") or wish.get("caption") or wish.get("question") or ""
    return html.escape(" ".join([words, *post["files"]])).replace("\n", "<br>")


def _album(wish: dict[str, Any]) -> None:
    media = wish["media"]
    if not 2 <= len(media) <= 10 or not {piece["type"] for piece in media} <= {"photo", "video"}:
        raise refusal(400, "Bad Request: wrong type or number of media")
    if any(piece["media"].removeprefix("attach://") not in wish for piece in media):
        raise refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
    if any(text.utf16(piece.get("caption", "")) > 1024 for piece in media):
        raise refusal(400, "Bad Request: message caption is too long")


async def _fields(request: Request) -> dict[str, Any]:
    """The fields of a JSON or multipart body; in the latter, what is no text is JSON."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    sent = (await request.form()).items()
    return {name: value if name in PLAIN or not isinstance(value, str) else json.loads(value) for name, value in sent}


def _ok(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def refusal(status: int, said: str, parameters: dict[str, Any] | None = None) -> Refusal:
    """No, as Telegram says it."""
    more = {"parameters": parameters} if parameters else {}
    return Refusal(status, {"ok": False, "error_code": status, "description": said, **more})


def simulator(url: str) -> Simulator:
    """A fresh Telegram at this address."""
    return TelegramNetwork(url)

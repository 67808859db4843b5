"""A post as a letter: its headers, its words, and the same as a page with the pictures inside.

https://www.rfc-editor.org/rfc/rfc5322, 2046 (parts) and 2392 (pictures that a page names).
"""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Any

from tidings.core import markup
from tidings.networks.seam import Outgoing

HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # nobody on holiday need answer
HIDDEN = "display:none;max-height:0;overflow:hidden"


def written(outgoing: Outgoing, envelope: Mapping[str, Any], key: str, at: datetime) -> EmailMessage:
    """The whole letter. The same key and moment make the same one."""
    place = f"{key}@{envelope['from'][1].rpartition('@')[2]}"
    subject = " ".join(str(outgoing.options.get("subject", "")).split())
    letter = _headed(outgoing, envelope, {"Subject": subject, "Date": format_datetime(at), "Message-ID": f"<{place}>"})
    letter.set_content(outgoing.text)
    pictures = {f"{n}.{place}": piece for n, piece in enumerate(outgoing.media)}
    letter.add_alternative(_page(outgoing, subject, list(pictures)), subtype="html")
    page: EmailMessage = letter.get_payload()[1]  # type: ignore[index,assignment]
    for cid, piece in pictures.items():
        main, _, sub = piece.mime.partition("/")
        page.add_related(piece.read(), main, sub, cid=f"<{cid}>", filename=piece.name or None, disposition="inline")
    return letter


def _headed(outgoing: Outgoing, envelope: Mapping[str, Any], told: Mapping[str, str]) -> EmailMessage:
    (name, address), answers = envelope["from"], outgoing.options.get("reply_to")
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = Address(name, addr_spec=address), ", ".join(envelope["to"])
    for header, value in {**told, "Reply-To": answers, **HEADERS}.items():
        if value:
            letter[header] = value
    return letter


def _page(outgoing: Outgoing, subject: str, names: list[str]) -> str:
    hint = escape(str(outgoing.options.get("preheader") or ""))
    shown = [f'<p><img src="cid:{cid}" alt="{escape(piece.alt)}" style="max-width:100%;height:auto"></p>'
             for piece, cid in zip(outgoing.media, names, strict=True)]
    before = f'<div style="{HIDDEN}">{hint}</div>' if hint else ""
    head = f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
    return f"{head}<body>{before}{markup.html(outgoing.text)}{''.join(shown)}</body></html>"


def weight(outgoing: Outgoing) -> float:
    """About how many bytes the letter has: text and page in quoted-printable, pictures in Base64."""
    words = len(outgoing.text.encode()) + len(markup.html(outgoing.text).encode())
    return 2000 + words * 1.05 + sum(piece.size for piece in outgoing.media) * 1.4

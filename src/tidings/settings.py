"""Everything an operator can set: one typed class, read from TIDINGS_<NAME> or a file; docs/running.md shows it."""

import os
import re
import secrets
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

UNITS = {"": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}  # as the pages count
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Z]*)")


def _in_bytes(said: object) -> object:
    """A size as people write it, 10 GB for instance, in bytes; whatever else is left for the type to refuse."""
    found = SIZE.fullmatch(said.strip().upper()) if isinstance(said, str) else None
    if found and found[2] in UNITS:
        return int(float(found[1]) * UNITS[found[2]])
    return 0 if said == "" else said


Bytes = Annotated[int, BeforeValidator(_in_bytes)]


class Settings(BaseSettings):
    """The instance's settings, from the environment."""

    model_config = SettingsConfigDict(env_prefix="TIDINGS_", extra="ignore")

    home: Path = Field(Path("data"), description="The one folder with everything: database, media, keys, mail.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    base_url: str = Field("", description="Public address, such as https://social.example.org; empty: host and port.")
    tls_cert: str = Field("", description="Certificate chain (PEM), to serve HTTPS without a proxy.")
    tls_key: str = Field("", description="The certificate's private key (PEM).")
    https_subdomains: bool = Field(False, description="Tell browsers to use https for every subdomain of ours, too.")
    name: str = Field("Tidings", description="What this instance calls itself to people and to networks.")
    contact: str = Field("", description="The administrator's e-mail address, printed in the privacy policy.")
    trusted_proxies: str = Field(
        "127.0.0.1,::1", description="Addresses or networks of proxies whose X-Forwarded-For and -Proto are believed."
    )
    database: str = Field("", repr=False, description="postgresql://… ; empty: SQLite in the home folder.")
    secret_key: str = Field("", repr=False, description="Signs sessions; empty: made once, kept in the home folder.")
    keys: str = Field("", repr=False, description="Key ring as JSON; empty: made once, kept in the home folder.")
    registration: Literal["open", "invitation", "closed"] = Field(
        "invitation", description="Who may register after the first person: anybody, the invited, nobody."
    )
    mail: str = Field("", repr=False, description="smtp://user:password@host:587; empty: written to home/mail.")
    mail_from: str = Field("", description="Sender of mails; empty: tidings@ the host of base_url.")
    senders: int = Field(512, ge=1, le=1024, description="Deliveries sent at once by one worker.")
    lease: int = Field(120, ge=1, description="Seconds after which a silent worker's delivery is taken over.")
    private_hosts: str = Field(
        "", description="Hosts (host:port, comma-separated) the program may reach although private."
    )
    metrics_token: str = Field(
        "", repr=False, description="What Prometheus says to read /metrics (Bearer); empty: no figures."
    )
    second_factor: Literal["optional", "required"] = Field(
        "optional", description="Whether everybody must have a second factor or a passkey."
    )
    erase_days: int = Field(
        1, ge=0, le=7, description="Days between the wish to be erased and the erasure, in which it can be taken back."
    )
    log_days: int = Field(
        30, ge=1, le=365, description="Days after which the security log truncates addresses and drops browsers."
    )
    log_gone_days: int = Field(180, ge=1, le=730, description="Days after which the security log forgets an entry.")
    numbers_days: int = Field(
        730, ge=31, le=3650, description="Days for which numbers read from networks are kept; their terms may say less."
    )
    inbox_days: int = Field(
        90, ge=1, le=730, description="Days for which others' messages are kept; their networks' terms may say less."
    )
    export_days: int = Field(7, ge=1, le=30, description="Days for which an export of a person's data can be fetched.")
    media: str = Field(
        "", repr=False, description="s3://key:secret@host/bucket?region=… for media; empty: the home folder."
    )
    media_signed: bool = Field(
        False, description="Whether downloads come straight from the bucket, by an address that it signs for a minute."
    )
    media_limit: int = Field(4_000_000_000, description="Largest upload, in bytes.")
    storage: Bytes = Field(
        0, ge=0, description="What one person's media may take, in bytes or as 10 GB; empty or 0: no limit."
    )
    link_previews: bool = Field(
        True, description="Whether the server asks a page somebody links to for its title and picture, to preview it."
    )
    demo: bool = Field(False, description="Every network is a simulator inside this process; set by `tidings demo`.")

    @property
    def url(self) -> str:
        """The public address, without a slash at its end."""
        scheme = "https" if self.tls_cert else "http"
        return (self.base_url or f"{scheme}://{self.host}:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people reach us over HTTPS."""
        return self.url.startswith("https://")

    @property
    def shows_links(self) -> bool:
        """Whether pages behind links are asked; never in a demo, where nothing leaves."""
        return self.link_previews and not self.demo

    @property
    def hostname(self) -> str:
        """The host people type."""
        return urlsplit(self.url).hostname or "localhost"

    def kept(self, name: str) -> str:
        """A random secret, made once and kept in the home folder (mode 0600)."""
        path = self.home / name
        if not path.exists():
            path.touch(0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text().strip()


def secret_folders() -> list[Path]:
    """Where systemd and containers lay what is nobody else's: files named like the variable, in lower case."""
    named = (os.environ.get("CREDENTIALS_DIRECTORY", ""), "/run/secrets")
    return [Path(one) for one in named if one and Path(one).is_dir()]


@cache
def settings() -> Settings:
    """This process's settings."""
    found = Settings(_secrets_dir=secret_folders())
    found.home = found.home.absolute()
    return found

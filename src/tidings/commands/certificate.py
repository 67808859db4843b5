"""The certificate that we serve HTTPS with: read at start, and anew when its files have changed, without a restart."""

import ssl
import stat
from pathlib import Path

import structlog

from tidings.commands.start import Stop

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2; those of 1.3 are all good
log = structlog.get_logger()


class Certificate:
    """A chain and its key. `context` is what new connections are answered with."""

    def __init__(self, chain: Path, key: Path) -> None:
        self.chain, self.key = chain, key
        _guarded(key)
        self._seen = self._stamp()
        try:
            self.context = self._read()
        except (OSError, ValueError) as error:
            raise Stop(_why(error, chain, key)) from None

    def _read(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(CIPHERS)
        context.load_cert_chain(self.chain, self.key, password=lambda: "")  # an encrypted key is not asked for
        context.sni_callback = self._greeted
        return context

    def _greeted(self, line: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """A connection begins; called in any case, whether it names a host or not."""
        if (stamp := self._stamp()) != self._seen:
            self._seen = stamp
            try:
                self.context = self._read()
                log.info("the certificate was renewed")
            except (OSError, ValueError) as error:  # half of a renewal; the other half changes the stamp again
                log.error(_why(error, self.chain, self.key))
        line.context = self.context

    def _stamp(self) -> tuple[int, ...]:
        try:
            return tuple(path.stat().st_mtime_ns for path in (self.chain, self.key))
        except OSError:  # being replaced
            return self._seen


def _guarded(key: Path) -> None:
    if key.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise Stop(f"Others on this machine may read or change the certificate's key: chmod 640 {key}")


def _why(error: Exception, chain: Path, key: Path) -> str:
    if getattr(error, "reason", "") == "KEY_VALUES_MISMATCH":
        return f"The key in {key} does not belong to the certificate in {chain}."
    return f"The certificate {chain} with the key {key} cannot be used; both must be PEM, the key without a password."

"""`tidings serve` with a certificate of its own: a real process, and browsers that look closely."""

import datetime
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tidings.commands.certificate import Certificate
from tidings.commands.start import Stop
from tidings.simulators import free_port

TIDINGS = Path(sys.executable).with_name("tidings")
NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)
Key = ec.EllipticCurvePrivateKey


class Authority:
    """Whom these browsers trust; it signs for localhost."""

    def __init__(self) -> None:
        self.key, self.name = ec.generate_private_key(ec.SECP256R1()), _name("Authority")
        self.certificate = _signed(self.name, self.name, self.key, self.key, x509.BasicConstraints(True, None))

    def write(self, folder: Path, days: int = 30) -> tuple[Path, Path]:
        """A fresh certificate: its chain and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        signed = _signed(_name("localhost"), self.name, key, self.key, names, days)
        chain, secret = folder / "chain.pem", folder / "key.pem"
        chain.write_bytes(_pem(signed) + _pem(self.certificate))
        secret.touch(0o600)
        plain = serialization.NoEncryption()
        secret.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        )
        return chain, secret

    def trusted(self) -> ssl.SSLContext:
        """How somebody looks who trusts this authority and nobody else."""
        return ssl.create_default_context(cadata=_pem(self.certificate).decode())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _signed(
    subject: x509.Name, issuer: x509.Name, key: Key, by: Key, more: x509.ExtensionType, days: int = 30
) -> x509.Certificate:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).add_extension(more, critical=False)
    return made.not_valid_before(NOW - 60 * DAY).not_valid_after(NOW + days * DAY).sign(by, hashes.SHA256())


class Site:
    """A process that serves HTTPS for localhost on 127.0.0.1."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.authority, self.folder, self.port = authority, folder, free_port()
        self.chain, self.key = authority.write(folder)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        named = {"HOME": str(folder / "home"), "BASE_URL": f"https://localhost:{self.port}", "TRUSTED_PROXIES": ""}
        words = ["--port", str(self.port), "--no-work", "--tls-cert", str(self.chain), "--tls-key", str(self.key)]
        self.process = subprocess.Popen(
            [TIDINGS, "serve", *words], env=clean | {f"TIDINGS_{name}": value for name, value in named.items()},
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                return self.line(self.authority.trusted()).close()
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.process.communicate()[1])

    def line(self, how: ssl.SSLContext) -> ssl.SSLSocket:
        """A connection."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return how.wrap_socket(plain, server_hostname="localhost")

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """An answer, read."""
        line = http.client.HTTPSConnection("localhost", self.port, timeout=30, context=self.authority.trusted())
        line.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    def serial(self) -> int:
        """Which certificate it shows."""
        with self.line(self.authority.trusted()) as line:
            return x509.load_der_x509_certificate(line.getpeercert(True) or b"").serial_number


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests of this file."""
    made = Site(Authority(), tmp_path_factory.mktemp("tls"))
    try:
        made.wait()
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def test_a_browser_that_trusts_the_chain_gets_a_page_and_cookies_that_cannot_leave_this_host(site: Site) -> None:
    answer = site.get("/first-run")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "upgrade-insecure-requests" in answer.headers["Content-Security-Policy"]
    cookies = answer.headers.get_all("Set-Cookie", [])
    assert [cookie.partition("=")[0] for cookie in cookies] == ["__Host-csrf"]
    assert re.search(r"; Path=/; SameSite=Lax; Secure$", cookies[0])
    assert "Domain" not in cookies[0]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_good_versions_of_tls_are_spoken_with_good_ciphers(site: Site, version: ssl.TLSVersion) -> None:
    how = site.authority.trusted()
    how.minimum_version = how.maximum_version = version
    with site.line(how) as line:
        cipher = line.cipher()
        assert cipher
        assert re.search(r"GCM|CHACHA20", cipher[0])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("version", "ciphers"),
    [(ssl.TLSVersion.TLSv1_1, "DEFAULT:@SECLEVEL=0"), (ssl.TLSVersion.TLSv1_2, "ECDHE+AES+SHA384:!AESGCM")],
)
def test_old_versions_and_weak_ciphers_are_refused(site: Site, version: ssl.TLSVersion, ciphers: str) -> None:
    how = site.authority.trusted()
    how.set_ciphers(ciphers)
    how.minimum_version = how.maximum_version = version
    with pytest.raises(ssl.SSLError):
        site.line(how)


def test_plain_http_gets_no_answer_and_does_not_hang(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP" not in line.recv(4096)


def test_who_is_no_proxy_of_ours_cannot_say_what_came_by_http(site: Site) -> None:
    assert site.get("/first-run", X_Forwarded_Proto="http", X_Forwarded_For="198.41.0.4").status == 200


def test_a_renewed_certificate_is_shown_without_a_restart_and_half_a_renewal_is_not(site: Site) -> None:
    before = site.serial()
    other = site.folder / "next"
    other.mkdir()
    chain, key = site.authority.write(other)
    shutil.move(chain, site.chain)
    assert site.serial() == before
    shutil.move(key, site.key)
    assert site.serial() != before
    assert site.get("/healthz").status == 200


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate and its key."""
    return Authority().write(tmp_path)


def test_a_key_that_others_may_read_is_refused_in_a_sentence(pair: tuple[Path, Path]) -> None:
    pair[1].chmod(0o644)
    with pytest.raises(Stop, match=r"Others on this machine may read .*chmod 640"):
        Certificate(*pair)
    pair[1].chmod(0o640)
    Certificate(*pair)


def test_a_key_of_another_certificate_is_refused_in_a_sentence(pair: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    _chain, key = Authority().write(tmp_path / "other")
    with pytest.raises(Stop, match="does not belong"):
        Certificate(pair[0], key)


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_no_certificate_and_no_key_is_refused_in_a_sentence(pair: tuple[Path, Path], which: int) -> None:
    pair[which].write_text("a letter to my aunt")
    with pytest.raises(Stop, match="must be PEM"):
        Certificate(*pair)

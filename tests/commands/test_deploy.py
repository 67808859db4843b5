"""What is shipped for running on a server names things that exist, and gives away no more than it must."""

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.source import ROOT
from tidings import __version__
from tidings.settings import Settings, secret_folders, settings

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
CADDY = (DEPLOY / "Caddyfile").read_text()
GUIDE = (ROOT / "docs/running.md").read_text()
KNOWN = {f"TIDINGS_{name.upper()}" for name in Settings.model_fields} | {"TIDINGS_DOMAIN"}  # the last: our own, in .env


def unit() -> RawConfigParser:
    found = RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[method-assign, assignment]
    found.read(DEPLOY / "tidings.service")
    return found


def test_every_variable_that_is_named_is_a_setting() -> None:
    for path in (*DEPLOY.glob("[!.]*"), ROOT / "docs/running.md"):
        if path.is_file():
            assert set(re.findall(r"TIDINGS_[A-Z_]+\b", path.read_text())) <= KNOWN, path.name


def test_every_secret_file_is_a_setting_and_reaches_its_container() -> None:
    for name, service in COMPOSE["services"].items():
        for secret in service.get("secrets", []):
            assert COMPOSE["secrets"][secret]["file"] in GUIDE
            assert name == "postgres" or secret.upper() in KNOWN
    loaded = re.findall(r"^LoadCredential=(\w+):(\S+)", (DEPLOY / "tidings.service").read_text(), re.M)
    assert loaded
    assert [name for name, path in loaded if name.upper() not in KNOWN or path not in GUIDE] == []


def test_no_container_may_do_more_than_it_must() -> None:
    for name, service in COMPOSE["services"].items():
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else []), name
        assert "privileged" not in service
        assert ("ports" in service) == (name == "caddy"), "only the proxy is reached from elsewhere"
        assert name == "caddy" or not str(service["user"]).startswith("0"), name


def test_images_are_pinned_to_a_version() -> None:
    images = [service["image"] for service in COMPOSE["services"].values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert [image for image in images if not re.search(r":\d+\.\d+(\.\d+)?(-\w+)*$", image)] == []
    assert COMPOSE["services"]["tidings"]["image"] == f"tidings:{__version__}"


def test_only_the_proxy_s_own_address_is_believed() -> None:
    proxy = COMPOSE["services"]["caddy"]["networks"]["inside"]["ipv4_address"]
    assert COMPOSE["services"]["tidings"]["environment"]["TIDINGS_TRUSTED_PROXIES"] == proxy
    assert "reverse_proxy tidings:8000" in CADDY
    assert f"EXPOSE {Settings.model_fields['port'].default}" in DOCKERFILE


def test_what_the_image_copies_is_there_and_not_kept_from_it() -> None:
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.M))
    for line in re.findall(r"^COPY (?!--from)(.+)", DOCKERFILE, re.M):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source in let_in, source
    assert not {"data", ".git", "deploy"} & let_in


def test_the_image_runs_as_nobody_in_particular_and_tells_whether_it_is_ready() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    (number,) = re.findall(r"^USER (\d+)$", last, re.M)
    assert COMPOSE["services"]["tidings"]["user"] == f"{number}:{number}"
    assert f"--uid {number}" in last
    assert f"chown {number}" in GUIDE
    assert "/readyz" in last
    assert COMPOSE["services"]["caddy"]["depends_on"]["tidings"]["condition"] == "service_healthy"
    assert not re.search(r"ARG|SECRET|PASSWORD", DOCKERFILE)


def test_the_guide_installs_what_the_image_installs() -> None:
    wanted = [
        "install --no-deps --require-hashes -r requirements.lock",
        "wheel --no-deps --no-build-isolation --wheel-dir dist .",
        "install --no-deps dist/tidings-*.whl",
    ]
    for words in wanted:
        assert words in GUIDE
        assert words in DOCKERFILE.replace("--no-cache-dir ", "")


def test_the_unit_can_write_nothing_but_its_own_folder() -> None:
    said = unit()["Service"]
    assert said["ExecStart"] == "/opt/tidings/bin/tidings serve"
    assert said["Environment"] == f"TIDINGS_HOME=/var/lib/{said['StateDirectory']}"
    strict = {"ProtectSystem": "strict", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectHome": "yes"}
    assert {name: said[name] for name in strict} == strict
    assert said["UMask"] == "0077"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_finds_little_exposed() -> None:
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(DEPLOY / "tidings.service")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]


def test_a_secret_is_read_from_a_file_and_a_variable_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tidings_mail").write_text("smtp://from-a-file\n")
    (tmp_path / "tidings_metrics_token").write_text("from-a-file\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("TIDINGS_METRICS_TOKEN", "from-a-variable")
    assert tmp_path in secret_folders()
    fresh = settings.__wrapped__()
    assert (fresh.mail, fresh.metrics_token) == ("smtp://from-a-file", "from-a-variable")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "nowhere"))
    assert settings.__wrapped__().mail == ""

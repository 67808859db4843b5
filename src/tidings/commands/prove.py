"""`tidings prove`: whether this instance keeps its privacy policy, sentence by sentence; safe while it runs."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from tidings.commands.proofs import EVERY, Check
from tidings.commands.proofs.said import Proof
from tidings.commands.refuse import refuse
from tidings.instance.checks import database
from tidings.privacy.policy import IDS, policy
from tidings.privacy.wording import LANGUAGES

BROKEN_AT = {  # the sentence that a check of an area is counted to when it breaks down
    "held": "1.account", "doors": "3.sharing", "ends": "4.account", "sealed": "5.rest", "pages": "5.tls",
    "rights": "7.access", "left": "4.account",
}  # fmt: skip
SIGNS = {True: "kept", False: "NOT KEPT", None: "not seen"}


def main(as_json: bool) -> None:
    """Report by sentence; exits with 1 when one is not kept. Raises Stop when there is nothing to look at."""
    refuse(database, warnings=True)
    proofs = [proof for check in EVERY for proof in proven(check)]
    by_id = {id: [proof for proof in proofs if proof.id == id] for id in IDS}
    kept = not any(proof.kept is False for proof in proofs)
    click.echo(_json(by_id, kept) if as_json else "\n".join(_lines(by_id, kept)))
    raise SystemExit(0 if kept else 1)


def proven(check: Check) -> Iterator[Proof]:
    """What a check says; one that breaks down says that, and the others go on."""
    try:
        yield from check()
    except Exception as error:  # whatever it is, it is no proof
        area = check.__module__.rpartition(".")[2]
        fault = f"it broke down: {type(error).__name__}: {error}"
        yield Proof(BROKEN_AT[area], f"{check.__name__} of {area}", 0, [fault])


def verdict(proofs: list[Proof]) -> bool | None:
    """Of a sentence: not kept as soon as one proof says so, kept when all do."""
    if any(proof.kept is False for proof in proofs):
        return False
    return True if proofs and all(proof.kept for proof in proofs) else None


def _lines(by_id: dict[str, list[Proof]], kept: bool) -> Iterator[str]:
    titles = {sentence.id: sentence.title for sentence in policy(LANGUAGES[0]).sentences}
    for id, proofs in by_id.items():
        yield f"{SIGNS[verdict(proofs)]:9} {id:12} {titles[id]}"
        for proof in proofs:
            yield f"{'':22} {proof.count:6} {proof.looked}"
            yield from (f"{'':22}        ! {fault}" for fault in (*proof.wrong, *filter(None, [proof.unseen])))
    if not kept:
        yield "What says NOT KEPT is not what the policy promises."
    elif all(map(verdict, by_id.values())):
        yield "The policy is kept."
    else:
        yield "What could be looked at is kept; what says not seen is to be looked at again."


def _json(by_id: dict[str, list[Proof]], kept: bool) -> str:
    said = [
        {"id": id, "kept": verdict(proofs), "proofs": [asdict(proof) | {"kept": proof.kept} for proof in proofs]}
        for id, proofs in by_id.items()
    ]
    return json.dumps({"kept": kept, "sentences": said}, indent=2)

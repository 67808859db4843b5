"""Deliveries as JSON: what a person decides about one of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import DeliveryOut, delivery_out
from tidings.deliveries import schedule as verbs
from tidings.deliveries.candidates import candidates, pick
from tidings.deliveries.models import Delivery
from tidings.workspaces.models import Member

router = Router(tags=["deliveries"])


class AnswerIn(Schema):
    """Did it appear? And where: its address, or the `id` of one of the candidates. `again`: send what is not out."""

    out: bool
    url: str = ""
    id: str = ""
    again: bool = True


class CandidateOut(Schema):
    """A post of the profile, as the network lists it."""

    id: str
    url: str
    text: str
    at: datetime


class CandidatesOut(Schema):
    """What an unsure delivery may have become, the likeliest first; `reason` says why there are none."""

    candidates: list[CandidateOut]
    reason: str


@router.get("/workspaces/{slug}/deliveries/{id}", response=DeliveryOut, operation_id="get_delivery")
def get_delivery(request: HttpRequest, slug: str, id: UUID) -> Any:
    """One delivery."""
    return delivery_out(_delivery(entered(request, slug, "read"), id))


@router.post("/workspaces/{slug}/deliveries/{id}/retry", response=DeliveryOut, operation_id="retry_delivery")
def retry(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Send it now: one that waits, failed, was held or cancelled."""
    member = entered(request, slug, "publish")
    verbs.retry(member, _delivery(member, id))
    return delivery_out(_delivery(member, id))


@router.post("/workspaces/{slug}/deliveries/{id}/cancel", response=DeliveryOut, operation_id="cancel_delivery")
def cancel(request: HttpRequest, slug: str, id: UUID) -> Any:
    """This one is not to go out."""
    member = entered(request, slug, "publish")
    verbs.cancel(member, _delivery(member, id))
    return delivery_out(_delivery(member, id))


@router.post("/workspaces/{slug}/deliveries/{id}/resolve", response=DeliveryOut, operation_id="resolve_delivery")
def resolve(request: HttpRequest, slug: str, id: UUID, body: AnswerIn) -> Any:
    """The answer to "did this appear?": out, and where; or not, and it is sent again or left so."""
    member = entered(request, slug, "publish")
    if body.out and body.id:
        pick(member, _delivery(member, id), body.id)
    else:
        verbs.resolve(member, _delivery(member, id), body.out, body.url.strip(), again=body.again)
    return delivery_out(_delivery(member, id))


@router.get("/workspaces/{slug}/deliveries/{id}/candidates", response=CandidatesOut, operation_id="list_candidates")
def list_candidates(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Ask the network what an unsure delivery may have become; 429 when it was asked often just now."""
    member = entered(request, slug, "publish")
    found = candidates(member, _delivery(member, id))
    posts = [
        CandidateOut(id=seen.receipt.id, url=seen.receipt.url, text=seen.text, at=seen.at) for seen in found.posts
    ]
    return CandidatesOut(candidates=posts, reason=found.reason)


def _delivery(member: Member, id: UUID) -> Delivery:
    whole = Delivery.objects.select_related("item", "channel__workspace", "channel__app", "post")
    return of_workspace(whole, member, id)

"""Deliveries as JSON: what a person decides about one of them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import DeliveryOut, delivery_out
from tidings.deliveries import schedule as verbs
from tidings.deliveries.models import Delivery
from tidings.workspaces.models import Member

router = Router(tags=["deliveries"])


class AnswerIn(Schema):
    """Did it appear? And where."""

    out: bool
    url: str = ""


@router.get("/workspaces/{slug}/deliveries/{id}", response=DeliveryOut, operation_id="get_delivery")
def get_delivery(request: HttpRequest, slug: str, id: UUID) -> Any:
    """One delivery."""
    return delivery_out(_delivery(entered(request, slug, "read"), id))


@router.post("/workspaces/{slug}/deliveries/{id}/retry", response=DeliveryOut, operation_id="retry_delivery")
def retry(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Send a failed or held one again, now."""
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
    """The answer to "did this appear?": out, and where; or not, and it is sent again."""
    member = entered(request, slug, "publish")
    verbs.resolve(member, _delivery(member, id), body.out, body.url.strip())
    return delivery_out(_delivery(member, id))


def _delivery(member: Member, id: UUID) -> Delivery:
    return of_workspace(Delivery.objects.select_related("item", "channel", "post"), member, id)

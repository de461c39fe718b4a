"""What belongs to a case or a shop, as the contract shows it: messages, objections, ratings, photos, parcels, keys."""

from datetime import datetime
from typing import Any

from returns_service.store.tables import (
    ApiKey,
    ConversationMessage,
    Objection,
    Photo,
    Rating,
    UnexpectedParcel,
)
from returns_service.usecases.show_case import instant


def message_body(row: ConversationMessage) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "author": row.author,
        "message": row.body,
        "photos": row.photos,
        "internal": row.internal,
        "at": instant(row.at),
    }


def objection_body(row: Objection, evidence_until: datetime | None = None) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "state": row.state,
        "text": row.text,
        "wish": row.wish,
        "photos": row.photos,
        "answer": row.answer,
        "answered_by": row.answered_by or None,
        "at": instant(row.at),
        "evidence_until": instant(evidence_until) if evidence_until else None,
        "answered_at": instant(row.answered_at) if row.answered_at else None,
    }


def rating_body(row: Rating) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "score": row.score,
        "comment": row.comment,
        "at": instant(row.at),
    }


def photo_body(row: Photo) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "content_type": row.content_type,
        "size": row.size,
        "width": row.width,
        "height": row.height,
        "alt": row.alt,
        "url": f"/v1/photos/{row.id}",
        "at": instant(row.at),
    }


def parcel_body(row: UnexpectedParcel) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "state": row.state,
        "carrier": row.carrier,
        "tracking_number": row.tracking_number,
        "location": row.location,
        "note": row.note,
        "lines": row.lines,
        "return_id": str(row.case_id) if row.case_id else None,
        "at": instant(row.at),
    }


def key_body(row: ApiKey) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "prefix": row.prefix,
        "scopes": row.scopes,
        "created_at": instant(row.created_at),
        "expires_at": instant(row.expires_at) if row.expires_at else None,
        "revoked_at": instant(row.revoked_at) if row.revoked_at else None,
    }

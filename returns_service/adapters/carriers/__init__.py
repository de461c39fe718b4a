"""Tracking events of carriers and of services that gather them."""

from returns_service.adapters.carriers.tracking import TrackingFeed

__all__ = ["TrackingFeed"]

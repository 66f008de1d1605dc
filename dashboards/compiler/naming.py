"""What assets are called: lasting identifiers, addresses and the files of an import."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

Files = dict[str, dict[str, Any]]

NAMESPACE = UUID("6659866f-5fae-559a-8484-f55f9e61a0fb")
VERSION = "1.0.0"
# Where a dashboard is read: a phone has its own arrangement of the same charts.
SCREENS = ("desk", "phone")


def make_uuid(kind: str, name: str) -> str:
    """The lasting name of an object: the same in every deployment."""
    return str(uuid5(NAMESPACE, f"{kind}/{name}"))


def make_slug(definition: dict[str, Any], locale: str, screen: str = "desk") -> str:
    """The dashboard's address in a language: `<slug>`, `<slug>-en`, `<slug>-phone`, `<slug>-en-phone`."""
    slug = str(definition["slug"]) + ("" if locale == "zh" else f"-{locale}")
    return slug if screen == "desk" else f"{slug}-{screen}"


def name_metric(name: str, metric: dict[str, Any], locale: str) -> str:
    """A figure's name in a language: `<name>`, `<name>_en`, or its label (`named: true`)."""
    if metric.get("named"):
        return str(metric["label"][locale])
    return name + ("" if locale == "zh" else f"_{locale}")

"""What can go wrong when a message is sent: said by each channel, heard by who sends."""

from __future__ import annotations


class NotSent(RuntimeError):
    """A message could not be sent. The text holds no address, no secret and nothing that a server said."""


class Transient(NotSent):
    """Another try may help."""

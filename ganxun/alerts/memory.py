"""What was told of which night, by which channel: a small file beside the ledger (alerts/told.json).

Not in the ledger, because a message must also go out when the ledger is what broke. Whoever tells holds the
lock while sending, so two tasks that notice the same trouble send one message. It is remembered after it was
sent: a crash in between sends it again with the same id, which is better than never.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import structlog

from connectors.zones import OWNER_ONLY_FILE
from ganxun.alerts.alert_settings import Channel
from ganxun.alerts.folder import alert_folder, make_folder, write_owner_only
from ganxun.alerts.message import Kind
from ganxun.alerts.notes import forget_notes
from ganxun.alerts.sections import Owed
from ganxun.settings import Settings

NIGHTS_KEPT = 31
log = structlog.get_logger()


@dataclass
class NightMemory:
    """One night: its trouble when it was first seen, what each channel was told, what it is owed and why.

    `told` is channel > kind > instant (ISO 8601); `owed` is channel > the message that could not be sent;
    `trouble_state` is the state that the trouble was told with.
    """

    trouble_state: str | None = None
    trouble_at: str | None = None
    told: dict[str, dict[str, str]] = field(default_factory=dict)
    owed: dict[str, Owed] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def was_told(self, channel: Channel, kind: Kind) -> bool:
        """Whether a channel has a message of this kind."""
        return kind in self.told.get(channel, {})


@dataclass
class Memory:
    """All nights that are remembered, by ISO date, and the rejected workbooks that a message has named."""

    nights: dict[str, NightMemory] = field(default_factory=dict)
    workbooks: dict[str, str] = field(default_factory=dict)

    def of(self, night: str) -> NightMemory:
        """One night; a new one if it is not known."""
        return self.nights.setdefault(night, NightMemory())

    def owed_before(self, night: str, channel: Channel) -> dict[str, Owed]:
        """Messages of other nights that this channel is owed, oldest first."""
        return {
            other: memory.owed[channel]
            for other, memory in sorted(self.nights.items())
            if other != night and channel in memory.owed
        }


@contextmanager
def open_memory(settings: Settings) -> Iterator[Memory]:
    """The memory, alone: a second one waits. Kept by `save_memory`. Raises OSError on entering only."""
    folder = make_folder(settings)
    with (folder / ".lock").open("a") as lock:
        (folder / ".lock").chmod(OWNER_ONLY_FILE)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield read_memory(settings)


def read_memory(settings: Settings) -> Memory:
    """The memory as it stands. One that cannot be read is an empty one: then a night may be told twice."""
    path = alert_folder(settings) / "told.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Memory(
            {
                night: NightMemory(
                    **{**one, "owed": {channel: Owed(**owed) for channel, owed in one["owed"].items()}}
                )
                for night, one in found["nights"].items()
            },
            dict(found["workbooks"]),
        )
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("what was told cannot be read", error=type(error).__name__)
        return Memory()


def save_memory(settings: Settings, memory: Memory) -> None:
    """Keep the memory of the last nights. Raises OSError."""
    memory.nights = dict(sorted(memory.nights.items())[-NIGHTS_KEPT:])
    memory.workbooks = dict(list(memory.workbooks.items())[-1000:])
    write_owner_only(
        alert_folder(settings) / "told.json", json.dumps(asdict(memory), ensure_ascii=False, indent=1)
    )
    forget_notes(settings, NIGHTS_KEPT)

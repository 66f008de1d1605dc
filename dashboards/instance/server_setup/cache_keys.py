"""What a cached figure belongs to: the published version it was read from, and the rows its reader may see.

Superset asks the security manager for a part of each cache key, before it queries. Here that part gets the
identity of the published symlinks and of `current`, which both lead through. A swap makes a new `current`,
so a figure kept before the swap is under a key that nobody asks for any more, and a query that straddles the
swap is kept under the old key. A version that is published again later is a new symlink, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any


def identify_version(links: Iterable[Path]) -> list[str]:
    """What tells this publication from every other: target, inode and time of each symlink on the way."""
    found = []
    for link in dict.fromkeys(step for path in links for step in (path.parent / "current", path)):
        try:
            status = link.lstat()
        except FileNotFoundError:
            found.append(f"{link.name}: none")
            continue
        target = link.readlink() if link.is_symlink() else link.name
        found.append(f"{link.name}: {target} {status.st_ino} {status.st_mtime_ns}")
    return found


def with_published_keys(links: tuple[Path, ...], base: type | None = None) -> type:
    """A security manager, on top of `base` if given, whose cache keys know version and rows."""
    from superset.security import SupersetSecurityManager

    parent: Any = base or SupersetSecurityManager

    class PublishedKeysSecurityManager(parent):
        """Superset's security manager with the published version in every key of the data cache."""

        def get_rls_cache_key(self, datasource: Any) -> list[str]:
            """Superset's own part (the text of the row filters), the filters as they apply, the version."""
            rendered: list[Any] = getattr(datasource, "get_sqla_row_level_filters", list)()
            return [
                *super().get_rls_cache_key(datasource),
                *sorted(str(row_filter) for row_filter in rendered),
                *identify_version(links),
            ]

    return PublishedKeysSecurityManager

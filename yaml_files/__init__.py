"""The one place that reads and writes YAML: by libyaml, and each text once in a process.

Models, definitions, suites and contracts are more than a megabyte of YAML, which several rooms read in one
command. PyYAML's own parser takes seconds for it; libyaml, which its wheels carry, a seventh of that. The
room lies below all others and imports none of them; both environments have it (PyYAML only).
"""

from __future__ import annotations

import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

KEPT_TEXTS = 512  # more than the project has YAML files


def read_yaml(path: Path) -> Any:
    """What the file holds. Raises `yaml.YAMLError` where it is no YAML."""
    return parse_yaml(path.read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Any:
    """What the text holds: objects of the caller's own, which he may change."""
    return pickle.loads(_parse(text))  # noqa: S301 - pickled by this process


@lru_cache(maxsize=KEPT_TEXTS)
def _parse(text: str) -> bytes:
    # Kept by content, so that nothing is ever stale; as bytes, so that nobody changes what the next one gets.
    return pickle.dumps(yaml.load(text, Loader=yaml.CSafeLoader))


def write_yaml(content: Any, *, sort_keys: bool = True) -> str:
    """`content` as YAML text, with Chinese as it is."""
    return str(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=sort_keys))

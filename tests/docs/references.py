"""What documents, comments, messages and configuration lead to, and which of it is not there.

A path is a word with a slash that begins with a top-level folder of the repository; what git ignores (a
deployment's data, build results) may be absent. A module is a dotted word that begins with a package.
"""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from yaml_files import parse_yaml

_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#* *$", re.M)
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_CODE = re.compile(r"`[^`\n]*`")
_PLACEHOLDER = re.compile(r"[<{*…$]|NN")
_MAKE = re.compile(r"(?:`|^    )make ([a-z][a-z-]*)", re.M)
# `landing.py`, `<source>/reader.py`: the end of some file's path
_FILE_NAME = re.compile(r"`([\w./-]+\.(?:py|sql|md|toml|ya?ml|service|timer))`")
_TO_THE_END = r"""[^\s`'"()\[\]},;:|#!?“”，。；：（）、]*"""
_BETWEEN = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT}


class Repository:
    """A work tree: its files, and what of them is read."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> set[str]:
        """Tracked and new files."""
        listed = self._git("ls-files", "--cached", "--others", "--exclude-standard", "-z")
        return {path for path in listed.split("\0") if path and (self.root / path).is_file()}

    @cached_property
    def folders(self) -> set[str]:
        """Every folder with a file in it."""
        return {str(up) for path in self.files for up in PurePosixPath(path).parents} - {"."}

    @cached_property
    def modules(self) -> dict[str, str]:
        """Name of each module or package > its file."""
        named = {
            path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
            for path in self.files
            if path.endswith(".py") and "-" not in path
        }
        return named | {folder.replace("/", "."): folder for folder in self.folders if "." not in folder}

    @cached_property
    def texts(self) -> dict[str, str]:
        """What people wrote: not samples, locks, pictures."""
        read = {}
        for path in sorted(self.files):
            if path.startswith("data/samples/") or re.fullmatch(r"requirements/\w+\.txt", path):
                continue
            try:
                read[path] = (self.root / path).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
        return read

    def is_there(self, path: str) -> bool:
        """A file, a folder, a decision by its number, or what git ignores."""
        known = path in self.files or path in self.folders
        return known or self._is_decision(path) or self._is_ignored(path)

    def _is_decision(self, path: str) -> bool:
        number = re.fullmatch(r"docs/decisions/\d{4}", path)
        return number is not None and any(file.startswith(f"{path}-") for file in self.files)

    def _is_ignored(self, path: str) -> bool:
        # a pattern with a slash at its end means folders, and the folder may not be there
        command = ["git", "check-ignore", "--no-index", path, f"{path}/"]
        return subprocess.run(command, cwd=self.root, capture_output=True, check=False).returncode == 0

    def _git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=True
        ).stdout


def find_dead_links(repository: Repository) -> list[str]:
    """Links of Markdown pages to files and headings that are not there."""
    pages = {path: text for path, text in repository.texts.items() if path.endswith(".md")}
    dead = []
    for path, text in pages.items():
        for place, anchor in find_links(path, text):
            target = f"{path}: {place}{anchor and '#'}{anchor}"
            if place not in repository.files | repository.folders:
                dead.append(target)
            elif anchor and place in pages and anchor not in find_anchors(pages[place]):
                dead.append(f"{target} (no such heading)")
    return dead


def find_links(page: str, text: str) -> list[tuple[str, str]]:
    """Where a page's links within the repository lead: file or folder, and heading."""
    links = []
    for target in _LINK.findall(_CODE.sub("", _FENCE.sub("", text))):
        if not re.match(r"[a-z]+:", target):
            name, _, anchor = target.partition("#")
            links.append((_join(page, name) if name else page, anchor))
    return links


def find_anchors(page: str) -> set[str]:
    """Headings as GitHub names them, and places that are named by hand."""
    anchors = set(re.findall(r'<a id="([^"]+)">', page))
    shown: Counter[str] = Counter()
    for heading in _HEADING.findall(_FENCE.sub("", page)):
        plain = re.sub(r"[`*]|\]\([^)]*\)|!?\[", "", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        anchors.add(f"{slug}-{shown[slug]}" if shown[slug] else slug)
        shown[slug] += 1
    return anchors


def find_dead_paths(repository: Repository) -> list[str]:
    """Paths named anywhere in a text: documents, comments, messages, recipes, units, hooks."""
    tops = sorted({folder.split("/")[0] for folder in repository.folders})
    path = re.compile(rf"(?<![\w./~<>{{}}*$-])(?:{'|'.join(map(re.escape, tops))})/{_TO_THE_END}")
    dead = []
    for place, number, line in _lines(repository):
        for found in path.findall(line):
            word = _PLACEHOLDER.split(found)[0]
            if word != found:
                word = word.rpartition("/")[0]  # docs/decisions/NNNN-…: the folder before it
            word = word.split("\\")[0].rstrip("/.-")
            if "/" in word and not repository.is_there(word):
                dead.append(f"{place}:{number}: {word}")
    return dead


def find_dead_names(repository: Repository) -> list[str]:
    """Names of source files in backticks that are the end of no path."""
    dead = []
    for place, number, line in _prose(repository):
        for name in _FILE_NAME.findall(line):
            end = name.replace("../", "").lstrip("./")
            if not any(f"/{path}".endswith(f"/{end}") for path in repository.files):
                dead.append(f"{place}:{number}: {name}")
    return dead


def find_dead_modules(repository: Repository) -> list[str]:
    """Modules, and names in them, that prose, comments, units and recipes name."""
    packages = sorted({name.split(".")[0] for name in repository.modules if name.isidentifier()})
    dotted = re.compile(rf"(?<![\w./@\"'-])((?:{'|'.join(packages)})(?:\.[A-Za-z_]\w*)+)(?![\w/])")
    names = {PurePosixPath(path).name for path in repository.files}
    dead = []
    for place, number, line in _prose(repository):
        for name in dotted.findall(line):
            if name not in names and not _is_module_or_in_one(name, repository):
                dead.append(f"{place}:{number}: {name}")
    return dead


def find_dead_targets(repository: Repository) -> list[str]:
    """`make …` of the documents without such a target."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", repository.texts["Makefile"], re.M))
    dead = []
    for place, text in repository.texts.items():
        if place.endswith(".md"):
            dead += [f"{place}: make {word}" for word in _MAKE.findall(text) if word not in targets]
    return dead


def find_idle_patterns(repository: Repository) -> list[str]:
    """Patterns of hooks, linters and packaging that match no file: they guard nothing."""
    idle = []
    for repo in parse_yaml(repository.texts[".pre-commit-config.yaml"])["repos"]:
        for hook in repo["hooks"]:
            for key in ("files", "exclude"):
                pattern = hook.get(key)
                if pattern and not any(re.search(pattern, path) for path in repository.files):
                    idle.append(f".pre-commit-config.yaml: {hook['id']}: {key}: {pattern}")
    for place in repository.texts:
        if PurePosixPath(place).name in ("pyproject.toml", "ruff.toml"):
            folder = PurePosixPath(place).parent
            for pattern in _file_patterns(tomllib.loads(repository.texts[place])):
                guarded = (_matches(path, pattern, folder) for path in repository.files | repository.folders)
                if not any(guarded) and not repository.is_there(_join(place, pattern)):
                    idle.append(f"{place}: {pattern}")
    return idle


def _file_patterns(configuration: dict[str, Any]) -> Iterator[str]:
    tools = configuration.get("tool", {})
    ruff = tools.get("ruff", configuration)
    yield from ruff.get("extend-exclude", ())
    yield from ruff.get("lint", {}).get("per-file-ignores", {})
    yield from tools.get("pytest", {}).get("ini_options", {}).get("testpaths", ())
    setuptools = tools.get("setuptools", {})
    yield from setuptools.get("packages", {}).get("find", {}).get("include", ())
    for package, patterns in setuptools.get("package-data", {}).items():
        yield from (f"{package}/{pattern}" for pattern in patterns)


def _matches(path: str, pattern: str, folder: PurePosixPath) -> bool:
    below = PurePosixPath(path)
    return below.is_relative_to(folder) and fnmatch(str(below.relative_to(folder)), pattern)


def _lines(repository: Repository) -> Iterator[tuple[str, int, str]]:
    """All that is written; of tests without code, which fails by itself where a file is gone."""
    for place, text in repository.texts.items():
        if not (place.startswith("tests/") and place.endswith(".py")):
            yield from ((place, number, line) for number, line in enumerate(text.splitlines(), 1))
    yield from (one for one in _prose(repository) if one[0].startswith("tests/") and one[0].endswith(".py"))


def _prose(repository: Repository) -> Iterator[tuple[str, int, str]]:
    """Lines without program code: of a module its comments and docstrings, of the rest all but SQL."""
    for place, text in repository.texts.items():
        if place.endswith(".py"):
            is_begun = False  # a string that begins a statement is a docstring
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                is_docstring = token.type == tokenize.STRING and not is_begun
                if token.type == tokenize.COMMENT or is_docstring:
                    for offset, line in enumerate(token.string.splitlines()):
                        yield place, token.start[0] + offset, line
                if token.type == tokenize.NEWLINE:
                    is_begun = False
                elif token.type not in _BETWEEN:
                    is_begun = True
        elif not place.endswith((".sql", ".js", ".css")):
            yield from ((place, number, line) for number, line in enumerate(text.splitlines(), 1))


def _is_module_or_in_one(name: str, repository: Repository) -> bool:
    if name in repository.modules:
        return True
    module, _, last = name.rpartition(".")
    if module not in repository.modules and module.rpartition(".")[0] in repository.modules:
        module, _, last = module.rpartition(".")  # a method of a class
    place = repository.modules.get(module, "")
    text = repository.texts.get(place) or repository.texts.get(f"{place}/__init__.py", "")
    return re.search(rf"\b{last}\b", text) is not None


def _join(page: str, name: str) -> str:
    parts: list[str] = []
    for part in (*PurePosixPath(page).parent.parts, *PurePosixPath(name).parts):
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)

"""A message and how it looks: plain text, simple HTML, and the text for a chat robot."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Literal

from ganxun.alerts.wording import LANGS, Lang

# What is told of a night: trouble once, that it is over once; `good` only where people asked for it.
Kind = Literal["trouble", "recovery", "good", "belated", "test"]
_RULE = "-" * 60


@dataclass(frozen=True)
class Section:
    """A heading and its lines; commands are shown so that they can be copied, links so that they open."""

    title: str
    lines: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Body:
    """One language: the first line says what it means for today's readers."""

    headline: str
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Message:
    """One message in both languages. `event` is what machines get; it holds no personal data and no secret.

    `message_id` is the same whenever the same thing is told: a receiver can drop what it got already.
    """

    kind: Kind
    message_id: str
    subject: str
    bodies: dict[Lang, Body]
    event: dict[str, object] = field(default_factory=dict)
    answers: str | None = None

    def render_text(self) -> str:
        """Both languages as plain text, Chinese first."""
        return f"\n{_RULE}\n\n".join(_render_text(self.bodies[lang]) for lang in LANGS)

    def render_html(self) -> str:
        """Both languages as HTML without anything that is loaded from elsewhere."""
        parts = "<hr>".join(_render_html(self.bodies[lang], lang) for lang in LANGS)
        return (
            '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
            '<body style="font-family:sans-serif;font-size:15px;line-height:1.6;max-width:46em">'
            f"{parts}</body></html>\n"
        )

    def render_chat(self, most_bytes: int) -> str:
        """Plain text for a chat robot: both languages, or the Chinese one, cut between lines, if too long."""
        text = self.render_text()
        if len(text.encode()) <= most_bytes:
            return text
        end = "…"
        kept = ""
        for line in _render_text(self.bodies["zh"]).splitlines(keepends=True):
            if len((kept + line + end).encode()) > most_bytes:
                return kept + end
            kept += line
        return kept


def _render_text(body: Body) -> str:
    lines = [body.headline, ""]
    for section in body.sections:
        lines.append(section.title)
        lines += [f"  {line}" for line in section.lines]
        lines += [f"    {command}" for command in section.commands]
        lines += [f"  {label}: {url}" for label, url in section.links]
        lines.append("")
    return "\n".join(lines)


def _render_html(body: Body, lang: Lang) -> str:
    parts = [f'<div lang="{lang}"><p style="font-size:18px"><b>{escape(body.headline)}</b></p>']
    for section in body.sections:
        parts.append(f'<p style="margin:18px 0 4px"><b>{escape(section.title)}</b></p>')
        parts += [_render_line(line) for line in section.lines]
        for command in section.commands:
            parts.append(
                f'<pre style="background:#f2f2f2;padding:8px;white-space:pre-wrap">{escape(command)}</pre>'
            )
        for label, url in section.links:
            parts.append(
                f'<p style="margin:2px 0">{escape(label)}: <a href="{escape(url)}">{escape(url)}</a></p>'
            )
    return "".join(parts) + "</div>"


def _render_line(line: str) -> str:
    """A line with its indentation: what is said of a source stands under its name."""
    indent = len(line) - len(line.lstrip())
    margin = f"{8 if indent == 0 else 2}px 0 2px {indent * 8}px"
    return f'<p style="margin:{margin}">{escape(line.strip())}</p>'

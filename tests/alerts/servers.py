"""Real servers on loopback: a mail server that demands TLS and a log-in, and a receiver of webhooks."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ganxun.servers import find_free_port

LOOPBACK = "127.0.0.1"
USER, PASSWORD = "ganxun-night", "geheim-4711"


class Mailbox:
    """What arrived; `refusals` are answers given to the next mails instead of taking them."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals: list[str] = []
        self.sessions_with_tls: list[bool] = []
        self.calls = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.calls += session.ssl is None  # after STARTTLS a client greets once more
        return responses

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        self.sessions_with_tls.append(session.ssl is not None)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def text(self, number: int = -1) -> str:
        """The plain part of a mail."""
        part = self.mails[number].get_body(("plain",))
        assert part is not None
        return part.get_content()

    def html(self, number: int = -1) -> str:
        """The HTML part of a mail."""
        part = self.mails[number].get_body(("html",))
        assert part is not None
        return part.get_content()

    def subjects(self) -> list[str]:
        return [str(mail["subject"]) for mail in self.mails]


@dataclass(frozen=True)
class MailServer:
    """A running mail server."""

    box: Mailbox
    port: int


@contextmanager
def serve_mail(certificate: Path | None = None, key: Path | None = None) -> Iterator[MailServer]:
    """A mail server; with a certificate it takes mail only after STARTTLS and a log-in."""
    box = Mailbox()
    options: dict[str, Any] = {}
    if certificate is not None and key is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        options = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": _log_in,
        }
    port = find_free_port(0)
    controller = Controller(box, hostname=LOOPBACK, port=port, **options)
    controller.start()
    try:
        yield MailServer(box, port)
    finally:
        controller.stop()


def _log_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=is_right)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that nobody else vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "mail.crt", folder / "mail.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@dataclass
class Answer:
    """What the receiver says, and how: `drips` sends a byte now and then and never ends."""

    status: int = 200
    body: bytes = b"{}"
    drips: bool = False


@dataclass
class Webhook:
    """A running receiver: what it was sent, and the answers it gives next (then always 200)."""

    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/hook?key=secret-of-the-robot"

    def payload(self, number: int = -1) -> dict[str, Any]:
        return dict(json.loads(self.bodies[number]))


@contextmanager
def serve_webhook() -> Iterator[Webhook]:
    """A receiver of webhooks."""
    hook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            hook.headers.append(dict(self.headers.items()))
            answer = hook.answers.pop(0) if hook.answers else Answer()
            self.send_response(answer.status)
            if answer.drips:
                self.end_headers()
                while not hook.gone.is_set():
                    try:
                        self.wfile.write(b" ")
                        self.wfile.flush()
                    except OSError:
                        return
                    time.sleep(0.02)
                return
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    hook.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield hook
    finally:
        hook.gone.set()
        server.shutdown()
        server.server_close()

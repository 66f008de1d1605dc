"""Send a message by SMTP: plain text and HTML, with TLS and log-in where they are set."""

from __future__ import annotations

import smtplib
import socket
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from ganxun.alerts.alert_settings import AlertSettings, read_secret
from ganxun.alerts.clock import read_clock
from ganxun.alerts.message import Message
from ganxun.alerts.not_sent import NotSent, Transient


def write_mail(message: Message, alerts: AlertSettings) -> EmailMessage:
    """The mail of a message. Its id is the same each time the same thing is told, so copies fall together."""
    host = alerts.smtp_from.rpartition("@")[2] or "localhost"
    mail = EmailMessage()
    mail["From"] = Address("干训 ganxun", addr_spec=alerts.smtp_from)
    mail["To"] = ", ".join(alerts.recipients)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(read_clock())
    mail["Message-ID"] = f"<ganxun.{message.message_id}@{host}>"
    if message.answers:
        mail["In-Reply-To"] = mail["References"] = f"<ganxun.{message.answers}@{host}>"
    # Nobody's holiday notice answers a machine.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.render_text(), cte="base64")
    mail.add_alternative(message.render_html(), subtype="html", cte="base64")
    return mail


def send_mail(message: Message, alerts: AlertSettings) -> None:
    """One try. Raises `Transient` where another try may help, else `NotSent`; both without quotes."""
    try:
        _send(write_mail(message, alerts), alerts)
    except smtplib.SMTPResponseException as error:
        kind = Transient if 400 <= error.smtp_code < 500 else NotSent
        raise kind(f"the mail server answered {error.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        kind = Transient if all(400 <= code < 500 for code in codes) else NotSent
        raise kind(f"the mail server refused every address ({', '.join(map(str, codes))})") from None
    except ssl.SSLCertVerificationError:
        raise NotSent("the mail server's certificate is not trusted (GANXUN_SMTP_CA_FILE)") from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent(
            "the mail server offers no STARTTLS or log-in (GANXUN_SMTP_STARTTLS, GANXUN_SMTP_USER)"
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Transient(f"the mail server cannot be reached ({type(error).__name__})") from None
    except ValueError as error:
        raise NotSent(f"the mail cannot be written ({type(error).__name__})") from None


def _send(mail: EmailMessage, alerts: AlertSettings) -> None:
    password = _read_password(alerts)
    context = ssl.create_default_context(cafile=str(alerts.smtp_ca_file) if alerts.smtp_ca_file else None)
    timeout = alerts.alert_timeout_seconds
    name = socket.gethostname()  # smtplib would ask the name servers, which may not answer
    if alerts.has_implicit_tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            alerts.smtp_host, alerts.smtp_port, name, timeout=timeout, context=context
        )
    else:
        server = smtplib.SMTP(alerts.smtp_host, alerts.smtp_port, name, timeout=timeout)
    with server:
        if alerts.smtp_starttls == "yes" and not alerts.has_implicit_tls:
            server.starttls(context=context)
        if alerts.smtp_user:
            server.login(alerts.smtp_user, password)
        server.send_message(mail)


def _read_password(alerts: AlertSettings) -> str:
    try:
        return read_secret(alerts.smtp_password_file)
    except (OSError, UnicodeDecodeError):
        raise NotSent("GANXUN_SMTP_PASSWORD_FILE cannot be read") from None

"""Where messages of a night go, and how: read from the environment (`GANXUN_ALERT_…`, `GANXUN_SMTP_…`)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Channel = Literal["mail", "webhook"]
Shape = Literal["event", "wecom", "dingtalk", "feishu"]
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class AlertSettings(BaseSettings):
    """Who is told of a night. Without an address and without a webhook nobody is, and nothing is remembered.

    The mail server is that of Superset's reports (`GANXUN_SMTP_…`, docs/server-setup.md). Secrets are in
    files of their own, or hidden where this object is printed.
    """

    # An error of pydantic quotes what was given, and a webhook's address is a secret.
    model_config = SettingsConfigDict(
        env_prefix="GANXUN_", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    alert_on: Literal["trouble", "always"] = Field(
        default="trouble", description="`always`: a good night has a message, too"
    )
    alert_mail_to: str = Field(default="", description="mail addresses, separated by commas")
    alert_webhook_url: SecretStr = Field(default=SecretStr(""), description="POST goes to this address")
    alert_webhook_shape: Shape = Field(default="event", description="what the receiver understands")
    alert_webhook_token_file: Path | None = Field(default=None, description="bearer token")
    alert_webhook_secret_file: Path | None = Field(default=None, description="key of the signature")
    alert_timeout_seconds: float = Field(default=15, gt=0, le=120, description="for one try of one channel")
    alert_tries: int = Field(default=3, ge=1, le=10, description="tries of one channel on one occasion")
    alert_first_wait_seconds: float = Field(default=2, ge=0, le=60, description="doubled after each try")
    smtp_host: str = Field(default="127.0.0.1", description="mail server")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="465: TLS from the first byte")
    smtp_user: str = Field(default="", description="empty: no log-in")
    smtp_password_file: Path | None = Field(default=None, description="the user's password")
    smtp_starttls: Literal["yes", "no"] = Field(default="yes", description="`no`: a relay on this machine")
    smtp_ca_file: Path | None = Field(default=None, description="whom to trust; empty: the system's list")
    smtp_from: str = Field(default="ganxun@localhost.localdomain", description="sender")
    airflow_url: str = Field(default="", description="Airflow as people type it; empty: that of `ganxun up`")
    superset_url: str = Field(default="http://127.0.0.1:8088", description="Superset as people type it")

    @field_validator("alert_mail_to", "smtp_from")
    @classmethod
    def _check_addresses(cls, value: str) -> str:
        for address in _split(value):
            name, at, host = address.partition("@")
            if not (name and at and host) or "@" in host or any(c.isspace() for c in address):
                raise ValueError("not every entry is a mail address")
        return value

    @field_validator("alert_webhook_url")
    @classmethod
    def _check_url(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("not an http(s) address")
        return value

    @model_validator(mode="after")
    def _keep_the_password_secret(self) -> AlertSettings:
        encrypted = self.smtp_starttls == "yes" or self.has_implicit_tls
        if self.smtp_user and not encrypted and self.smtp_host not in _LOOPBACK:
            raise ValueError(
                "GANXUN_SMTP_USER with GANXUN_SMTP_STARTTLS=no would send a password in the open"
            )
        return self

    @property
    def recipients(self) -> tuple[str, ...]:
        """Mail addresses."""
        return _split(self.alert_mail_to)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The ways by which somebody is told; none: nobody is."""
        channels: list[Channel] = []
        if self.recipients:
            channels.append("mail")
        if self.alert_webhook_url.get_secret_value():
            channels.append("webhook")
        return tuple(channels)

    @property
    def has_implicit_tls(self) -> bool:
        """Whether the server speaks TLS before the first word."""
        return self.smtp_port == 465


def read_secret(path: Path | None) -> str:
    """The secret in a file, without the newline at its end; empty where there is no file. Raises OSError."""
    return path.read_text(encoding="utf-8").strip() if path else ""


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())

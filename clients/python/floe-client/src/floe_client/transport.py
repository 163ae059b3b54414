"""HTTP to one service: who calls, what is tried again, and for how long."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.request import proxy_bypass

import httpx

from floe_client.errors import FloeError, Problem, ProblemError, Unreachable, error_of

_CONNECT_SECONDS = 10.0
_READ_SECONDS = 30.0
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TRY_AGAIN = frozenset({429, 502, 503, 504})


class TokenAuth(httpx.Auth):
    """Bearer token; a file is read for every request, so that a rotated token is taken up."""

    def __init__(self, token: str | None, token_file: Path | None) -> None:
        self._token = token
        self._token_file = token_file

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._current()
        if token:
            request.headers["Authorization"] = f"Bearer {token}"
        yield request

    def _current(self) -> str | None:
        if self._token_file is None:
            return self._token
        lines = self._token_file.read_text(encoding="utf-8").splitlines()
        return lines[0].strip() if lines else None


@dataclass
class Patience:
    """How long the caller continues trying, and the pauses in between: doubled each time, with jitter."""

    seconds: float
    _since: float = 0.0
    _tries: int = 0

    def __post_init__(self) -> None:
        self.restore()

    def restore(self) -> None:
        """Begins anew, because something went well."""
        self._since = time.monotonic()
        self._tries = 0

    def pause(self, asked: float | None = None) -> bool:
        """Waits before the next try, at least as long as the service asked for.

        Returns:
            False, at once, when the time is over.
        """
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**self._tries) * random.uniform(0.5, 1.0)
        if asked is not None:
            pause = max(pause, asked)
        if time.monotonic() + pause - self._since > self.seconds:
            return False
        self._tries += 1
        time.sleep(pause)
        return True


class Transport:
    """Requests that are safe to repeat, repeated while nothing answers or the service asks to come back."""

    def __init__(self, base_url: str, auth: TokenAuth, traceparent: str | None, patience: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._patience = patience
        url = httpx.URL(self._base_url)
        direct = url.host in _LOOPBACK  # no proxy leads back to this machine
        self._proxy = None if direct else proxy_of(url.scheme, url.host)
        try:
            self._http = httpx.Client(
                base_url=f"{self._base_url}/api/v1",
                auth=auth,
                headers={"traceparent": traceparent} if traceparent else {},
                timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
                trust_env=not direct,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as problem:
            settings = proxy_settings()
            if direct or not settings:
                raise
            raise FloeError(
                f"the proxy that {' or '.join(settings)} names can't be used: {problem} "
                f"Name an http:// proxy, or set NO_PROXY={url.host} to use none for job-launcher."
            ) from problem

    def close(self) -> None:
        self._http.close()

    def patience(self) -> Patience:
        return Patience(self._patience)

    def json(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        read_seconds: float = _READ_SECONDS,
    ) -> Any:
        """Sends a request that is safe to repeat and reads the answer's JSON.

        Raises:
            ProblemError: the service refused.
            Unreachable: no answer within the client's patience.
        """
        patience = self.patience()
        while True:
            try:
                answer = self._http.request(
                    method,
                    path,
                    params=params,
                    headers=headers,
                    json=body,
                    timeout=httpx.Timeout(read_seconds, connect=_CONNECT_SECONDS),
                )
            except httpx.TransportError as problem:
                self.pause_or_give_up(patience, problem)
                continue
            if answer.status_code in _TRY_AGAIN and patience.pause(_retry_after(answer)):
                continue
            if answer.is_error:
                raise problem_of(answer)
            return answer.json() if answer.content else None

    @contextmanager
    def stream(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        read_seconds: float,
    ) -> Iterator[httpx.Response]:
        """Opens one stream, once; `read_seconds` is the longest silence.

        Raises:
            ProblemError: the service refused.
            httpx.TransportError: it cannot be reached, or the connection broke.
        """
        timeout = httpx.Timeout(read_seconds, connect=_CONNECT_SECONDS)
        with self._http.stream("GET", path, params=params, headers=headers, timeout=timeout) as answer:
            if answer.is_error:
                answer.read()
                raise problem_of(answer)
            yield answer

    def pause_or_give_up(self, patience: Patience, problem: Exception) -> None:
        """Waits before the next try of a stream or a request.

        Raises:
            Unreachable: the patience is over after a connection error.
            ProblemError: the patience is over after a refusal, or another try cannot help.
        """
        if isinstance(problem, ProblemError):
            if problem.status not in _TRY_AGAIN or not patience.pause():
                raise problem
        elif not patience.pause():
            cause = f"{self._base_url} does not answer ({str(problem) or type(problem).__name__}); "
            if self._proxy is None:
                raise Unreachable(cause + "is job-launcher running, and is the address right?") from problem
            raise Unreachable(
                cause + f"it was asked through the proxy that {self._proxy} names: is that one running? "
                f"NO_PROXY={httpx.URL(self._base_url).host} asks job-launcher directly."
            ) from problem


def proxy_settings() -> list[str]:
    """The environment variables that name a proxy, as they are spelled."""
    names = {"http_proxy", "https_proxy", "all_proxy"}
    return sorted(name for name, value in os.environ.items() if name.lower() in names and value)


def proxy_of(scheme: str, host: str) -> str | None:
    """The variable whose proxy requests to this host go through; its value may hold a password."""
    if proxy_bypass(host):
        return None
    settings = proxy_settings()
    for wanted in (f"{scheme}_proxy", "all_proxy"):
        for name in settings:
            if name.lower() == wanted:
                return name
    return None


def problem_of(answer: httpx.Response) -> ProblemError:
    """The exception for an answer that is an error, whether or not it carries problem details."""
    try:
        details = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        details = None
    if not isinstance(details, dict):
        details = {"title": answer.reason_phrase or f"HTTP {answer.status_code}"}
    return error_of(Problem.from_json(answer.status_code, details))


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds to wait, as RFC 9110 section 10.2.3 has it: a number or a date."""
    text = answer.headers.get("Retry-After")
    if not text:
        return None
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())

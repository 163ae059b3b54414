"""The client: one method for each thing job-launcher does."""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from floe_client.errors import FloeError, WaitTimeout
from floe_client.follow import follow_events, follow_logs
from floe_client.models import Attempt, Explanation, LogLine, Page, Run, RunEvent
from floe_client.request import RunRequest, iso_duration
from floe_client.transport import TokenAuth, Transport

_LONG_POLL = timedelta(seconds=30)
_SLACK_SECONDS = 15.0
_KEY = re.compile(r"[!-~]([ -~]*[!-~])?")


class FloeClient:
    """Talks to one job-launcher. Every call may be repeated; the client does so while nothing answers.

    Args:
        base_url: where job-launcher is, for example `http://127.0.0.1:8581`.
        token: the bearer token.
        token_file: a file whose first line is the bearer token; read for each request.
        traceparent: the W3C trace context that calls belong to.
        patience: seconds a call continues trying while nothing answers or the service is unavailable.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        token_file: str | Path | None = None,
        traceparent: str | None = None,
        patience: float = 60.0,
    ) -> None:
        auth = TokenAuth(token, Path(token_file) if token_file else None)
        self._transport = Transport(base_url, auth, traceparent, patience)

    @classmethod
    def from_env(
        cls,
        env: Mapping[str, str] = os.environ,
        *,
        traceparent: str | None = None,
        patience: float = 60.0,
    ) -> FloeClient:
        """A client of what FLOE_JOB_LAUNCHER_URL and FLOE_TOKEN or FLOE_TOKEN_FILE name.

        Raises:
            FloeError: FLOE_JOB_LAUNCHER_URL is not set.
        """
        base_url = env.get("FLOE_JOB_LAUNCHER_URL")
        if not base_url:
            raise FloeError(
                "FLOE_JOB_LAUNCHER_URL is not set; it names job-launcher, for example http://127.0.0.1:8581"
            )
        return cls(
            base_url,
            token=env.get("FLOE_TOKEN"),
            token_file=env.get("FLOE_TOKEN_FILE"),
            traceparent=traceparent or env.get("TRACEPARENT"),
            patience=patience,
        )

    def __enter__(self) -> FloeClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def submit(self, run: RunRequest | Mapping[str, Any], idempotency_key: str | None = None) -> Run:
        """Asks for a run; the same key and payload answer the run that there is already.

        Without a key one is made up, so that the client's own repetitions stay one run.

        Raises:
            FloeError: the key has characters other than printable ASCII, which no header can carry.
            InvalidRequest: the request is not valid.
            IdempotencyKeyReused: the key belongs to another payload.
        """
        if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
            raise FloeError(f"idempotency key {idempotency_key!r}: write printable ASCII characters")
        body = run.to_json() if isinstance(run, RunRequest) else run
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        return Run.from_json(self._transport.json("POST", "/runs", headers=headers, body=body))

    def get(self, run_id: str, *, wait: timedelta | None = None) -> Run:
        """Reads a run; with `wait` (at most a minute) answers when it has ended or the time is over."""
        if wait is None:
            return Run.from_json(self._transport.json("GET", f"/runs/{run_id}"))
        return Run.from_json(
            self._transport.json(
                "GET",
                f"/runs/{run_id}",
                params={"wait": iso_duration(wait)},
                read_seconds=wait.total_seconds() + _SLACK_SECONDS,
            )
        )

    def wait(self, run_id: str, *, timeout: timedelta | None = None) -> Run:
        """Waits until a run has ended.

        Raises:
            WaitTimeout: it had not within the timeout.
        """
        end = None if timeout is None else time.monotonic() + timeout.total_seconds()
        while True:
            left = (
                _LONG_POLL
                if end is None
                else min(_LONG_POLL, timedelta(seconds=max(0.0, end - time.monotonic())))
            )
            run = self.get(run_id, wait=left)
            if run.state.terminal:
                return run
            if end is not None and time.monotonic() >= end:
                raise WaitTimeout(f"run {run_id} is still {run.state.value} after {timeout}")

    def list(self, *, limit: int | None = None, cursor: str | None = None, **filters: str) -> Page[Run]:
        """One page of runs; filters are query parameters of `GET /runs`, for example `domain="weather"`."""
        params = dict(filters)
        if limit is not None:
            params["limit"] = str(limit)
        if cursor is not None:
            params["cursor"] = cursor
        page = self._transport.json("GET", "/runs", params=params)
        return Page(tuple(Run.from_json(item) for item in page["items"]), page.get("nextCursor"))

    def attempts(self, run_id: str) -> tuple[Attempt, ...]:
        """The tries of a run, the first one first."""
        page = self._transport.json("GET", f"/runs/{run_id}/attempts", params={"limit": "500"})
        return tuple(
            sorted((Attempt.from_json(item) for item in page["items"]), key=lambda attempt: attempt.number)
        )

    def follow_logs(self, run_id: str, on_change: Callable[[Run], None] | None = None) -> Iterator[LogLine]:
        """The lines of all attempts as they come, until the run has ended.

        A connection that drops is made anew; no line is lost and none comes twice. Between attempts
        `on_change` is told when the run's state, attempt or reason to wait has changed.
        """
        return follow_logs(self, self._transport, run_id, on_change)

    def events(self, run_id: str | None = None, *, last_event_id: str | None = None) -> Iterator[RunEvent]:
        """What happens to one run until it has ended, or to every run the caller may see, without end.

        A connection that drops is made anew after the last event that came.
        """
        return follow_events(self, self._transport, run_id, last_event_id)

    def cancel(self, run_id: str) -> Run:
        """Asks for the end of a run; one that has ended stays as it is."""
        return Run.from_json(self._transport.json("POST", f"/runs/{run_id}/cancel"))

    def retry(self, run_id: str) -> Run:
        """Asks for another attempt of a run that has failed."""
        return Run.from_json(self._transport.json("POST", f"/runs/{run_id}/retry"))

    def explain(self, run_id: str) -> Explanation:
        """Why the run is where it is, and what to do next."""
        return Explanation.from_json(self._transport.json("GET", f"/runs/{run_id}/explain"))

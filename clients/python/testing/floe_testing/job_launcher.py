"""A job-launcher for unit tests: real HTTP on loopback, runs that do what a test tells them to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token"
NOW = "2026-11-23T01:02:03.123456789Z"
_WAIT_SECONDS = 120


@dataclass
class FakeAttempt:
    """One attempt: its log grows while it runs; `drops` are the sizes after which a connection breaks."""

    log: bytes = b""
    state: str = "RUNNING"
    drops: list[int] = field(default_factory=list)


@dataclass
class FakeRun:
    """A run, and every attempt it has had."""

    id: str
    key: str | None
    request: dict[str, Any]
    traceparent: str | None
    state: str = "QUEUED"
    verdict: dict[str, Any] | None = None
    attempts: list[FakeAttempt] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    event_drops: list[int] = field(default_factory=list)

    @property
    def terminal(self) -> bool:
        return self.state in ("SUCCEEDED", "FAILED", "CANCELLED")

    def to_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "id": self.id,
            "state": self.state,
            "request": self.request,
            "attempt": len(self.attempts),
            "idempotencyKey": self.key,
            "traceId": "0" * 31 + "1",
            "createdAt": NOW,
            "updatedAt": NOW,
            "version": 1,
            "somethingNew": True,
        }
        if self.verdict:
            body["verdict"] = self.verdict
        return body


class FakeJobLauncher:
    """State of the fake, changed by tests through its methods; every change wakes whoever waits."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.runs: dict[str, FakeRun] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.refusals: list[tuple[int, dict[str, str], dict[str, Any]]] = []
        self.drop_answers = 0
        self.on_submit: list[str] = ["succeed"]
        self.url = ""

    def refuse(self, status: int, kind: str, retry_after: str | None = None, **more: Any) -> None:
        """The next request is answered with a problem."""
        headers = {} if retry_after is None else {"Retry-After": retry_after}
        problem = {"type": f"https://floe.dev/problems/{kind}", "title": kind, "status": status, **more}
        self.refusals.append((status, headers, problem))

    def start(self, run: FakeRun) -> FakeAttempt:
        with self.changed:
            attempt = FakeAttempt()
            run.attempts.append(attempt)
            run.state = "RUNNING"
            self._event(run, "AttemptStarted")
            self.changed.notify_all()
            return attempt

    def write(self, attempt: FakeAttempt, text: bytes) -> None:
        with self.changed:
            attempt.log += text
            self.changed.notify_all()

    def end_attempt(self, run: FakeRun, state: str) -> None:
        with self.changed:
            run.attempts[-1].state = state
            run.state = "RETRYING"
            self._event(run, "AttemptFailed")
            self.changed.notify_all()

    def end(
        self,
        run: FakeRun,
        state: str,
        category: str,
        reason: str,
        message: str = "words",
        exit_code: int | None = None,
    ) -> None:
        with self.changed:
            if run.attempts:
                run.attempts[-1].state = state
            run.state = state
            run.verdict = {"category": category, "reason": reason, "message": message}
            if exit_code is not None:
                run.verdict["exitCode"] = exit_code
            if run.attempts and state == "FAILED":
                self._event(run, "AttemptFailed")
            self._event(run, "Run" + state.capitalize())
            self.changed.notify_all()

    def _event(self, run: FakeRun, kind: str) -> None:
        run.events.append(
            {
                "runId": run.id,
                "sequence": len(run.events) + 1,
                "type": kind,
                "state": run.state,
                "attempt": len(run.attempts),
                "message": kind,
                "time": NOW,
            }
        )

    def submit(self, key: str | None, body: dict[str, Any], traceparent: str | None) -> tuple[int, Any]:
        with self.changed:
            for run in self.runs.values():
                if key is not None and run.key == key:
                    if run.request == body:
                        return 200, run.to_json()
                    kind = "https://floe.dev/problems/idempotency-key-reused"
                    return 422, {"type": kind, "title": "reused", "status": 422}
            run = FakeRun(f"run{len(self.runs) + 1}", key, body, traceparent)
            self.runs[run.id] = run
            self._event(run, "RunQueued")
        script = self.on_submit.pop(0) if len(self.on_submit) > 1 else self.on_submit[0]
        self._play(run, script)
        return 201, run.to_json()

    def _play(self, run: FakeRun, script: str) -> None:
        if script == "succeed":
            attempt = self.start(run)
            self.write(attempt, b"hello from the job\n")
            self.end(run, "SUCCEEDED", "SUCCESS", "Completed", exit_code=0)
        elif script == "hang":
            self.write(self.start(run), b"working\n")
        elif script.startswith("fail "):
            _, category, reason = script.split()
            self.write(self.start(run), b"about to fail\n")
            state = "CANCELLED" if category == "CANCELLED" else "FAILED"
            self.end(run, state, category, reason, exit_code=1)
        elif script != "nothing":
            raise AssertionError(script)

    def wait_for(self, what: Any) -> None:
        """Waits until `what()` is true."""
        with self.changed:
            assert self.changed.wait_for(what, _WAIT_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeJobLauncher

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"null")
        if not self._admitted():
            return
        parts = self._parts()
        if parts == ["runs"]:
            status, answer = self.fake.submit(
                self.headers["Idempotency-Key"], body, self.headers["traceparent"]
            )
            if self.fake.drop_answers:
                self.fake.drop_answers -= 1
                self.close_connection = True
                return
            self._answer(status, answer)
        elif parts[-1] == "cancel":
            run = self.fake.runs[parts[1]]
            if not run.terminal:
                self.fake.end(run, "CANCELLED", "CANCELLED", "ByUser")
            self._answer(200, run.to_json())
        else:
            self._answer(404, {})

    def do_GET(self) -> None:
        if not self._admitted():
            return
        parts = self._parts()
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if parts == ["runs"]:
            self._answer(200, {"items": [run.to_json() for run in self.fake.runs.values()]})
            return
        run = self.fake.runs.get(parts[1])
        if run is None:
            kind = "https://floe.dev/problems/not-found"
            self._answer(404, {"type": kind, "title": "Not found", "status": 404})
        elif len(parts) == 2:
            if "wait" in query:
                seconds = float(query["wait"].removeprefix("PT").removesuffix("S"))
                with self.fake.changed:
                    self.fake.changed.wait_for(lambda: run.terminal, seconds)
            self._answer(200, run.to_json())
        elif parts[2] == "attempts" and len(parts) == 3:
            attempts = [self._attempt(run, n + 1) for n in range(len(run.attempts))]
            self._answer(200, {"items": attempts})
        elif parts[-1] == "logs":
            self._logs(run.attempts[int(parts[3]) - 1], int(query["offset"]), query["follow"] == "true")
        elif parts[2] == "events":
            self._events(run, int(self.headers.get("Last-Event-ID", "0")))
        elif parts[2] == "explain":
            answer = {"runId": run.id, "state": run.state, "summary": "why", "nextActions": ["do this"]}
            self._answer(200, answer)

    def _attempt(self, run: FakeRun, number: int) -> dict[str, Any]:
        attempt = run.attempts[number - 1]
        return {
            "runId": run.id,
            "number": number,
            "state": attempt.state,
            "name": f"{run.id}-{number}",
            "namespace": "weather",
            "createdAt": NOW,
            "logBytes": len(attempt.log),
            "logTruncated": False,
        }

    def _logs(self, attempt: FakeAttempt, since: int, follow: bool) -> None:
        self._head(200, "text/plain; charset=utf-8")
        with self.fake.changed:
            while True:
                if attempt.drops and len(attempt.log) >= attempt.drops[0]:
                    until = attempt.drops.pop(0)
                    self._chunk(attempt.log[since:until])
                    self.close_connection = True  # in the middle of the chunked body
                    return
                self._chunk(attempt.log[since:])
                since = len(attempt.log)
                if not follow or attempt.state != "RUNNING":
                    break
                if not self._woken(partial(_grown, attempt, since)):
                    break
        self._chunk(b"", last=True)

    def _events(self, run: FakeRun, after: int) -> None:
        self._head(200, "text/event-stream")
        self._chunk(b": hello\n\n")
        with self.fake.changed:
            while True:
                for event in run.events[after:]:
                    after = event["sequence"]
                    text = f"id: {after}\nevent: {event['type']}\ndata: {json.dumps(event)}\n\n"
                    self._chunk(text.encode())
                    if after in run.event_drops:
                        run.event_drops.remove(after)
                        self.close_connection = True
                        return
                if run.terminal or not self._woken(partial(_happened, run, after)):
                    break
        self._chunk(b"", last=True)

    def _woken(self, what: Callable[[], bool]) -> bool:
        return self.fake.changed.wait_for(what, _WAIT_SECONDS)

    def _admitted(self) -> bool:
        with self.fake.changed:
            self.fake.requests.append((self.command, self.path, dict(self.headers)))
            self.fake.changed.notify_all()
        if self.fake.refusals:
            status, headers, problem = self.fake.refusals.pop(0)
            self._answer(status, problem, headers)
            return False
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            kind = "https://floe.dev/problems/unauthenticated"
            self._answer(401, {"type": kind, "title": "Sign in first", "status": 401})
            return False
        return True

    def _parts(self) -> list[str]:
        return urlsplit(self.path).path.removeprefix("/api/v1/").split("/")

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _head(self, status: int, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _chunk(self, data: bytes, last: bool = False) -> None:
        if data or last:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()


def _grown(attempt: FakeAttempt, since: int) -> bool:
    return len(attempt.log) > since or attempt.state != "RUNNING"


def _happened(run: FakeRun, after: int) -> bool:
    return len(run.events) > after


@contextmanager
def fake_job_launcher() -> Iterator[FakeJobLauncher]:
    """A fake on a free port of loopback, for the length of the block."""
    fake = FakeJobLauncher()
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()

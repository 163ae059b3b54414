"""Streams that outlive their connections: the logs of a run, and events."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import httpx_sse

from floe_client.errors import NotFound, ProblemError
from floe_client.models import Attempt, LogLine, Run, RunEvent, RunState
from floe_client.transport import Transport

if TYPE_CHECKING:
    from floe_client.client import FloeClient

_NEXT_ATTEMPT_POLL = timedelta(seconds=1)
_LONGEST_SILENCE = 60.0
_ENDINGS = frozenset({"RunSucceeded", "RunFailed", "RunCancelled"})


def follow_logs(
    client: FloeClient, transport: Transport, run_id: str, on_change: Callable[[Run], None] | None
) -> Iterator[LogLine]:
    """The lines of every attempt, in order; ends with the run."""
    number = 0
    told: tuple[RunState, int, str | None] | None = None
    run = client.get(run_id)
    while True:
        now = (run.state, run.attempt, run.waiting_for)
        if on_change is not None and now != told:
            told = now
            on_change(run)
        while number < run.attempt:
            number += 1
            yield from _attempt_lines(client, transport, run_id, number)
        if run.state.terminal:
            return
        run = client.get(run_id, wait=_NEXT_ATTEMPT_POLL)


def _attempt_lines(client: FloeClient, transport: Transport, run_id: str, number: int) -> Iterator[LogLine]:
    """One attempt's lines. The place in the log is counted in bytes, which is what `offset` takes."""
    path = f"/runs/{run_id}/attempts/{number}/logs"
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    offset = 0
    rest = ""
    patience = transport.patience()
    while True:
        # Read before the log, so that an attempt that has ended leaves nothing unread behind.
        ended = _ended(client, run_id, number)
        try:
            params = {"offset": str(offset), "follow": "false" if ended else "true"}
            with transport.stream(path, params=params, read_seconds=_LONGEST_SILENCE) as answer:
                for chunk in answer.iter_bytes():
                    offset += len(chunk)
                    patience.restore()
                    *lines, rest = (rest + decoder.decode(chunk)).split("\n")
                    for line in lines:
                        yield LogLine(number, line.removesuffix("\r"))
        except NotFound:
            if ended:  # kept for its time and gone
                return
            transport.pause_or_give_up(patience, httpx.ReadError("the log is not there yet"))
            continue
        except httpx.ReadTimeout:
            continue  # a job may be silent for long
        except (httpx.TransportError, ProblemError) as problem:
            transport.pause_or_give_up(patience, problem)
            continue
        if ended:
            rest += decoder.decode(b"", final=True)
            if rest:
                yield LogLine(number, rest)
            return
        if not patience.pause():
            patience.restore()  # a stream that ends without lines is quiet, not broken


def _ended(client: FloeClient, run_id: str, number: int) -> bool:
    attempt: Attempt | None = next((one for one in client.attempts(run_id) if one.number == number), None)
    return attempt is not None and attempt.state.terminal


def _is_over(client: FloeClient, ending: RunEvent) -> bool:
    """Whether the run ended with this event, and was not retried since."""
    run = client.get(ending.run_id)
    return run.state is ending.state and run.attempt == ending.attempt


def follow_events(
    client: FloeClient, transport: Transport, run_id: str | None, last_event_id: str | None
) -> Iterator[RunEvent]:
    """Events after `last_event_id`; those of one run end with its end."""
    path = "/events" if run_id is None else f"/runs/{run_id}/events"
    patience = transport.patience()
    while True:
        # Read before the events, so that a run that has ended leaves none unread behind.
        over = run_id is not None and client.get(run_id).state.terminal
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        try:
            with transport.stream(path, headers=headers, read_seconds=_LONGEST_SILENCE) as answer:
                for event in httpx_sse.EventSource(answer).iter_sse():
                    patience.restore()
                    if not event.data:
                        continue
                    last_event_id = event.id
                    happened = RunEvent.from_json(event.id, json.loads(event.data))
                    yield happened
                    # The attempt that failed is told before the run that failed with it.
                    if run_id is not None and happened.type in _ENDINGS and _is_over(client, happened):
                        return
        except httpx.ReadTimeout:
            pass
        except (httpx.TransportError, ProblemError) as problem:
            transport.pause_or_give_up(patience, problem)
            continue
        if over:
            return
        if not patience.pause():
            patience.restore()  # a stream that ends without events is quiet, not broken

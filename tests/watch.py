"""A watch over the whole suite: no span and no log line ever says who somebody is.

The person whom the tests register by default is the canary: whatever any test does with
them, in any service of this process, is listened to.
"""

import logging
from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

SONGS = ("mërgim", "mergim", "мергим", "prekazi", "прекази", "344123456", "1002003007")


def heard(text: str) -> list[str]:
    low = text.casefold()
    return [song for song in SONGS if song in low]


class Spans(SpanProcessor):
    """Listens to every span as it ends; keeps what it should not have heard."""

    def __init__(self) -> None:
        self.count = 0
        self.told: list[str] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.count += 1
        text = f"{span.name} {dict(span.attributes or {})} {span.status.description}"
        text += "".join(f"{event.name} {event.attributes}" for event in span.events)
        if heard(text):
            self.told.append(text)


class Lines(logging.Handler):
    """Listens to every log line of ours; the clients in the tests may log theirs."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.getMessage()} {record.exc_text} {record.exc_info}"
        if not record.name.startswith("httpx") and heard(text):
            self.told.append(text)


@pytest.fixture(scope="session", autouse=True)
def watch() -> Iterator[None]:
    spans, lines, provider = Spans(), Lines(), TracerProvider()
    provider.add_span_processor(spans)
    trace.set_tracer_provider(provider)
    logging.getLogger().addHandler(lines)
    yield
    logging.getLogger().removeHandler(lines)
    assert heard("Prekazi"), "the watch itself must hear"
    assert spans.told == []
    assert lines.told == []

"""The gateway as the console sees it: a token that stays fresh, and patience."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Self, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

DELAYS: Final = (1.0, 3.0)  # seconds between three tries
LONGEST_WAIT: Final = 10.0  # seconds, whatever the gateway asks for
MARGIN: Final = 60.0  # seconds before its end at which a token is replaced
DATA: Final = "data: "  # what a line of server-sent events says
PASSING: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)

Answer = TypeVar("Answer")


class Failure(Exception):  # noqa: N818 -- the sentence that the console ends with
    """What went wrong, in one sentence for whoever sits at the console."""


@dataclass(frozen=True)
class Credentials:
    """A client and its secret, which is never shown."""

    client: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Issued:
    """What the token endpoint answers (RFC 6749 §5.1)."""

    access_token: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True)
class Token:
    """An access token, and until when it may be used."""

    text: str = field(repr=False)
    until: float


class Gateway:
    """Everything the console asks for passes here; safe to use from several threads."""

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            sentence = f"{url} is not an address of a gateway (https://…)."
            raise Failure(sentence)
        self._url = url.rstrip("/")
        self._credentials = credentials
        self._http = httpx.Client(
            timeout=60, transport=transport or httpx.HTTPTransport(retries=1)
        )
        self._wait = wait
        self._token: Token | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def token(self) -> str:
        """Give an access token that lasts a while yet, asking for one where needed."""
        with self._turn:
            if self._token is None or time.monotonic() > self._token.until - MARGIN:
                self._token = self._ask_for_token()
            return self._token.text

    def _ask_for_token(self) -> Token:
        asked = time.monotonic()
        answer = self._send(
            "POST",
            "/token",
            data={"grant_type": "client_credentials"},
            auth=(self._credentials.client, self._credentials.secret),
        )
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            sentence = "The gateway does not know this client with this secret."
            raise Failure(sentence)
        issued = self._understood(answer, Issued)
        return Token(issued.access_token, asked + issued.expires_in)

    def request(
        self, method: str, path: str, kind: type[Answer], json: object = None
    ) -> Answer:
        """Ask for something with the client's token; give the answer of this kind."""
        answer = self._send(method, path, headers=self._bearer(), json=json)
        return self._understood(answer, kind)

    def upload(
        self,
        path: str,
        kind: type[Answer],
        headers: Mapping[str, str],
        content: Callable[[], Iterator[bytes]],
    ) -> Answer:
        """Send a file as it is read; from its beginning, if it has to be sent again."""

        def once() -> httpx.Response | None:
            told = {**self._bearer(), **headers}
            return self._once("POST", path, headers=told, content=content())

        return self._understood(self._trying(once), kind)

    def fetch(self, method: str, path: str) -> bytes:
        """Ask for something that is no JSON, or for nothing but that it be done."""
        return self._good(self._send(method, path, headers=self._bearer())).content

    def events(self, path: str, kind: type[Answer]) -> Iterator[Answer]:
        """Give server-sent events until the gateway ends them; then ask again."""
        url = self._url + path
        try:
            with self._http.stream("GET", url, headers=self._bearer()) as answer:
                if answer.status_code in PASSING:
                    self._wait(wanted(answer, DELAYS[0]))
                    return
                if not answer.is_success:
                    answer.read()
                for line in self._good(answer).iter_lines():
                    if line.startswith(DATA):
                        yield self._read(line.removeprefix(DATA).encode(), kind)
        except httpx.TransportError:
            self._wait(DELAYS[0])

    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token()}"}

    def _send(self, method: str, path: str, **rest: Any) -> httpx.Response:  # noqa: ANN401 -- httpx's arguments
        return self._trying(lambda: self._once(method, path, **rest))

    def _trying(self, once: Callable[[], httpx.Response | None]) -> httpx.Response:
        """Try three times; all that the console asks for may safely arrive twice."""
        answer = once()
        for delay in DELAYS:
            if answer is not None and answer.status_code not in PASSING:
                return answer
            self._wait(wanted(answer, delay))
            answer = once()
        if answer is None:
            sentence = f"The gateway at {self._url} cannot be reached."
            raise Failure(sentence)
        return answer

    def _once(self, method: str, path: str, **rest: Any) -> httpx.Response | None:  # noqa: ANN401 -- httpx's arguments
        try:
            return self._http.request(method, self._url + path, **rest)
        except (httpx.TransportError, httpx.InvalidURL):
            return None

    def _understood(self, answer: httpx.Response, kind: type[Answer]) -> Answer:
        return self._read(self._good(answer).content, kind)

    def _good(self, answer: httpx.Response) -> httpx.Response:
        if not answer.is_success:
            sentence = f"The gateway declined ({answer.status_code}): {told(answer)}"
            raise Failure(sentence)
        return answer

    def _read(self, content: bytes, kind: type[Answer]) -> Answer:
        try:
            return TypeAdapter(kind).validate_json(content)
        except ValidationError:
            sentence = f"What answers at {self._url} is not a gateway of Uramost."
            raise Failure(sentence) from None


def wanted(answer: httpx.Response | None, otherwise: float) -> float:
    """Give the seconds to wait: as the gateway asks, within reason."""
    asked = "" if answer is None else answer.headers.get("retry-after", "")
    return min(float(asked), LONGEST_WAIT) if asked.isdecimal() else otherwise


def told(answer: httpx.Response) -> str:
    """Give the sentence of a problem (RFC 9457), which repeats no value."""
    try:
        return str(answer.json()["title"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.reason_phrase}."

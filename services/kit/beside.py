"""What a process does beside its requests: begun with it, and surely ended with it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from services.kit.http import describe

log = logging.getLogger("uramost")
AGAIN: Final = 1.0  # seconds after which a task is told once more to end


@asynccontextmanager
async def beside(*lasting: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run coroutines that never return, until the block is left.

    They are cancelled until they have ended: one cancellation can be lost where a
    library turns it into an error of its own, and the loop around it goes on.
    """
    tasks = {asyncio.create_task(one) for one in lasting}
    try:
        yield
    finally:
        while tasks:
            for task in tasks:
                task.cancel()
            _, tasks = await asyncio.wait(tasks, timeout=AGAIN)


async def again_and_again(
    do: Callable[[], Awaitable[object]], every: float, complaint: str
) -> None:
    """Do it, with pauses of so many seconds; whatever hinders is told, and tried again.

    Nothing but a cancellation ends it, no bug of a library either: nobody would notice.
    """
    while True:
        try:
            await do()
        except Exception as hindrance:  # noqa: BLE001 -- see above
            log.error("%s: %s", complaint, describe(hindrance))  # noqa: TRY400 -- a traceback prints the message
        await asyncio.sleep(every)

"""What a process does beside its requests: begun with it, and surely ended with it."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

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

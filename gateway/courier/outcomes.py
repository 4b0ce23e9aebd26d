"""How a try to deliver can end, other than well."""

from gateway.webhooks.rules import Failure, Reason


class Failed(Exception):  # noqa: N818 -- an outcome, which is tried again
    """The receiver did not take it; it carries the class of the failure alone."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class Over(Exception):  # noqa: N818 -- an outcome, after which nothing is tried again
    """The webhook is to be deactivated."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Changed(Exception):  # noqa: N818 -- an outcome: somebody else goes on
    """The webhook is no longer what it was when this began."""

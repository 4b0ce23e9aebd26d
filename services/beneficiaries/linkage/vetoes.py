"""What forbids linking a pair without a reviewer, what excuses it, what refutes it."""

from collections.abc import Mapping

from services.beneficiaries.linkage import model

Labels = Mapping[str, str]  # by comparison; one that a side is missing for is absent


def standing(labels: Labels) -> tuple[str, ...]:
    """Name the vetoes on a pair, those that a strong identifier excuses too."""
    return tuple(veto.name for veto in model.VETOES if _stands(veto, labels))


def strong(labels: Labels) -> bool:
    """Whether a strong identifier agrees: cause enough to link, whatever vetoes."""
    borne_out = sum(
        labels.get(comparison) in levels
        for comparison, levels in model.BORNE_OUT_BY.items()
    )
    return any(
        labels.get("document") == one.level
        and borne_out >= one.borne_out
        and not any(_holds(condition, labels) for condition in one.unless)
        for one in model.STRONG
    )


def refuted(labels: Labels, vetoes: tuple[str, ...]) -> bool:
    """Whether it is a relative or a namesake, not to be shown to a reviewer.

    A form without the sex says too little to be sure of that.
    """
    another = labels.get("given") == model.DIFFERS
    if labels.get("document") in model.NUMBER_AGREES:
        own = labels["document"] == model.SAME
        return another and "birth" in vetoes and not own  # under a parent's number
    if another or len(vetoes) > 1:
        return "sex" in labels or "birth" in vetoes
    return not _at_home(labels) and not {"birth", "date slip"}.isdisjoint(vetoes)


def strangers(labels: Labels) -> bool:
    """Whether it is refuted whatever the names are, which may be missing here.

    Most pairs end here: namesakes born on another day, with nothing else in common.
    """
    if labels.get("document") in model.NUMBER_AGREES or _at_home(labels):
        return False
    birth = labels.get("birth")
    return birth == model.DIFFERS or (birth == model.YEAR_ONLY and "sex" in labels)


def _at_home(labels: Labels) -> bool:
    return any(labels.get(name) in model.SAME_HOME for name in ("address", "phone"))


def _stands(veto: model.Veto, labels: Labels) -> bool:
    return _holds(veto.when, labels) and not any(
        _holds(condition, labels) for condition in veto.unless
    )


def _holds(condition: model.Condition, labels: Labels) -> bool:
    return all(
        labels.get(comparison, model.MISSING) in levels
        for comparison, levels in condition.items()
    )

"""What forbids linking a pair without a reviewer, what excuses it, what refutes it."""

from collections.abc import Mapping

from services.beneficiaries.linkage import model

Labels = Mapping[str, str]  # by comparison; one that a side is missing for is absent


def standing(labels: Labels) -> tuple[str, ...]:
    """Name the vetoes on a pair, excusable ones too."""
    found = tuple(veto.name for veto in model.VETOES if _stands(veto, labels))
    # With a second disagreement it may be another person.
    return () if len(found) == 1 and _slipped(found[0], labels) else found


def strong(labels: Labels) -> bool:
    """Whether a long number of one kind agrees and the given name is not another.

    A whole household may be filed under a parent's number.
    """
    return (
        labels.get("document") == model.SAME
        and labels.get("given") not in model.ANOTHER_GIVEN_NAME
    )


def excused(labels: Labels, vetoes: tuple[str, ...]) -> bool:
    """Whether an agreeing strong identifier is cause enough in spite of vetoes."""
    if not vetoes:
        return True
    veto = _BY_NAME[vetoes[0]]
    if len(vetoes) > 1 or not veto.excusable:
        return False
    return not any(_holds(condition, labels) for condition in veto.firm)


def refuted(labels: Labels, vetoes: tuple[str, ...]) -> bool:
    """Whether it is a relative or a namesake, not to be shown to a reviewer."""
    another = labels.get("given") == model.DIFFERS
    if labels.get("document") in model.NUMBER_AGREES:
        return another and "birth" in vetoes  # brothers under a parent's number
    if another or len(vetoes) > 1:
        return True
    home = any(labels.get(name) in model.SAME_HOME for name in ("address", "phone"))
    return not home and not {"birth", "date slip"}.isdisjoint(vetoes)


_BY_NAME = {veto.name: veto for veto in model.VETOES}


def _stands(veto: model.Veto, labels: Labels) -> bool:
    return _holds(veto.when, labels) and not any(
        _holds(condition, labels) for condition in veto.unless
    )


def _holds(condition: model.Condition, labels: Labels) -> bool:
    return all(
        labels.get(comparison, model.MISSING) in levels
        for comparison, levels in condition.items()
    )


def _slipped(veto: str, labels: Labels) -> bool:
    shown = sum(
        labels.get(comparison) in levels
        for comparison, levels in model.SLIP_IS_SHOWN_BY.items()
    )
    return shown >= model.ENOUGH_TO_SHOW_A_SLIP and any(
        veto in slip.excuses and _holds(slip.when, labels) for slip in model.SLIPS
    )

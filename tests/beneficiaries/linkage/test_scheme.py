"""What folds a name and makes its keys belongs to the number of a scheme."""

import ast
import hashlib
import inspect
from types import ModuleType

from services.beneficiaries.linkage import keys, traits, usage
from services.kit.orthography import (
    albanian,
    bosnian,
    folding,
    keyboard,
    serbian_cyrillic,
    serbian_latin,
    strangers,
    turkish,
)

# One line for each scheme, the newest last. Schemes 1 and 2 were before this record.
DIGESTS = {3: "1f86fed7d013aa0b"}
RAISE = (
    "What folds or makes keys has changed: raise SCHEME in linkage/traits.py, record"
    " the digest here, and every agency runs `uramost linkage rekey`."
)
TABLES = (
    albanian,
    bosnian,
    keyboard,
    serbian_cyrillic,
    serbian_latin,
    strangers,
    turkish,
)


def test_the_scheme_goes_up_with_what_folds_and_makes_keys() -> None:
    assert DIGESTS.get(traits.SCHEME) == digest(), RAISE


def test_no_scheme_comes_back() -> None:
    """Registrations of a higher number would not be moved."""
    assert max(DIGESTS) == traits.SCHEME


def digest() -> str:
    """Hash the tables, the short forms, folding, what is folded, and the keys."""
    modules = (*TABLES, folding, usage, traits, keys)
    deciding = "\n".join(map(code, modules))
    return hashlib.sha256(deciding.encode()).hexdigest()[:16]


def code(module: ModuleType) -> str:
    """Give a module's code without its comments, its docstrings and the number."""
    tree = ast.parse(inspect.getsource(module))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [one for one in node.body if not passed_over(one)]
    return ast.unparse(tree)


def passed_over(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return [ast.unparse(one) for one in node.targets] == ["SCHEME"]
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

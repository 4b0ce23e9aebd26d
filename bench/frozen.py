"""All that decides in linkage as one number: to it a figure belongs.

Comments, docstrings and line breaks decide nothing and are left out.
"""

import ast
import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

from services.beneficiaries import linkage
from services.kit import orthography

RULES = (
    "agreement frequencies keys model names naming scoring traits usage vetoes".split()
)
DIGITS = 12


def configuration() -> str:
    """Give the number of the weights, the rules and the tables of spelling."""
    deciding = "".join(_deciding())
    return hashlib.sha256(deciding.encode()).hexdigest()[:DIGITS]


def _deciding() -> Iterator[str]:
    [rules], [tables] = linkage.__path__, orthography.__path__
    yield repr(tomllib.loads(Path(rules, "weights.toml").read_text(encoding="utf-8")))
    for path in (Path(rules, f"{name}.py") for name in RULES):
        yield _code(path)
    for path in sorted(Path(tables).glob("*.py")):
        yield _code(path)


def _code(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [one for one in node.body if not _is_text(one)]
    return ast.dump(tree)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

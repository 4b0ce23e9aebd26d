"""The documentation pages: Swagger UI from an installed package, without internet."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from gateway.openapi import PLACEHOLDER

DOCUMENT: Final = Path(__file__).parent / "openapi.json"
TYPES: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon.png": "image/png",
}
CLOSED: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
}
KEPT: Final = {"cache-control": "public, max-age=3600"}
PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Uramost</title>
<link rel="icon" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="operations"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START: Final = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#operations",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
"""
router = APIRouter(include_in_schema=False)


@cache
def packaged(name: str) -> bytes:
    """Read a file of the package; it is found, not imported."""
    spec = find_spec("fastapi_offline")
    places = [] if spec is None else list(spec.submodule_search_locations or [])
    return Path(places[0], "static", name).read_bytes()


@cache
def document(issuer: str) -> str:
    return DOCUMENT.read_text().replace(PLACEHOLDER, issuer.rstrip("/"))


async def openapi(request: Request) -> Response:
    """Give the merged document; FastAPI's own would describe the gateway alone."""
    text = document(request.app.state.issuer)
    return Response(text, media_type="application/json")


@router.get("/docs")
async def page() -> HTMLResponse:
    return HTMLResponse(PAGE, headers=CLOSED)


@router.get("/docs/start.js")
async def start() -> Response:
    return Response(START, media_type="text/javascript", headers=KEPT)


@router.get("/docs/{name}")
async def asset(name: str) -> Response:
    return Response(packaged(name), media_type=TYPES[name], headers=KEPT)

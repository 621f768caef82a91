"""Who is answered: programs of this machine and the playground's own page. No other page in the browser is.

A browser says where a page is from (`Origin`) with each request that could change or read something, and
whom it believes to speak to (`Host`), which a name that was made to point here gives away.
"""

from aiohttp import web
from aiohttp.typedefs import Handler

LOOPBACK = "127.0.0.1"
HOSTS = (LOOPBACK, "localhost", "[::1]")
HTTP_PORT = 80
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def protect(app: web.Application) -> None:
    """Make an application refuse requests from other pages, and forbid any page to frame or include it."""
    app.middlewares.append(_turn_away)
    app.on_response_prepare.append(_add_headers)


@web.middleware
async def _turn_away(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not _is_ours(request):
        raise web.HTTPForbidden(text="The playground answers only its own page and programs of this machine.")
    return await handler(request)


def _is_ours(request: web.Request) -> bool:
    host, origin = request.headers.get("Host", "").lower(), request.headers.get("Origin")
    port = request.transport.get_extra_info("sockname")[1] if request.transport is not None else None
    known = {f"{name}:{port}" for name in HOSTS}
    if port == HTTP_PORT:
        known.update(HOSTS)
    # A program sends no Origin.
    return host in known and origin in (None, f"http://{host}")


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)

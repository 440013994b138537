"""The experience API: reads only, every route behind a token.

The resolver and what it validates with take as long to import as all the rest together: the first call does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.runtime.log import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    from functions.experience.routes import app

    logger().info("asked", extra={"path": event.get("rawPath")})
    return app.resolve(event, context)

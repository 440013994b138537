"""The door for those who act: what `billweave exceptions act`, `dlq`, `hold`, `write-off`, `credit`, `period`
and `project` do, by HTTP, as whom the token says.

The resolver and what it validates with take as long to import as all the rest together: the first call does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.runtime.log import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    from functions.operations.operate_routes import app

    logger().info("acted", extra={"route": event.get("routeKey")})
    return app.resolve(event, context)

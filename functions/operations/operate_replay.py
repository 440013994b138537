"""The door for replays: what `billweave replay --apply` does, by HTTP, as whom the token says.

Apart from the other acts, because a replay alone may read the whole table, and every consumer comes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.runtime.log import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    from functions.operations.operate_replay_routes import app

    logger().info("acted", extra={"route": event.get("routeKey")})
    return app.resolve(event, context)

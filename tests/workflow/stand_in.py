"""A function that stands in for a step, or for the connector behind a queue: it asks the stage in the test what to do."""

import json
import os
import urllib.request


def handler(event: dict, context: object) -> object:
    print("asked", os.environ["STEP"])  # an invocation that logs nothing costs 46 ms more on the embedded AWS
    asked = json.dumps({"step": os.environ["STEP"], "event": event}).encode()
    with urllib.request.urlopen(os.environ["STAGE"], asked, timeout=60) as told:
        answer = json.load(told)
    if "dies" in answer:
        os._exit(1)
    if "raises" in answer:
        raise type(answer["raises"], (Exception,), {})(answer["message"])
    return answer["returns"]

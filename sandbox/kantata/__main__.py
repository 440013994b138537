from sandbox.kantata.app import build
from sandbox.kit.run import main

main("kantata", build)

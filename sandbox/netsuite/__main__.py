from sandbox.kit.run import main
from sandbox.netsuite.app import build

if __name__ == "__main__":
    main("netsuite", build)

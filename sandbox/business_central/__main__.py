from sandbox.business_central.app import build
from sandbox.kit.run import main

if __name__ == "__main__":
    main("business_central", build)

from sandbox.certinia.app import build
from sandbox.kit.run import main

if __name__ == "__main__":
    main("certinia", build)

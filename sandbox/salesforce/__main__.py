from sandbox.kit.run import main
from sandbox.salesforce.app import build

if __name__ == "__main__":
    main("salesforce", build)

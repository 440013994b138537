from sandbox.kit.run import main
from sandbox.sap_s4hana.app import build

if __name__ == "__main__":
    main("sap_s4hana", build)

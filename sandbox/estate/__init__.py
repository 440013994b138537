"""The local estate: the embedded AWS, the token issuer, the vendor simulators and the deployment, in one state directory."""

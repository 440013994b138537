"""Entity sets by area, as far as they are simulated."""

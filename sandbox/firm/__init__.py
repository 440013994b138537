"""The simulated firm: who it is, what it sold, what its people do in a month. Everything follows from a seed."""

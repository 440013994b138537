"""What every vendor simulator shares: a durable store, faults on demand, a control API, a runner."""

"""What the fabric costs and how fast it is, measured: `make bench`. Each figure says how it was found."""

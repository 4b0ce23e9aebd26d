"""What readers of the project are given; the generated part is made by `generate`."""

"""Business links: businesses of different municipalities that trade with each other."""

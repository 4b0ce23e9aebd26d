"""Certificates: who completed a training, under a number that anybody can check."""

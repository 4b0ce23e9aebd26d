"""The results of the programme: indicators, surveys, and what the services count."""

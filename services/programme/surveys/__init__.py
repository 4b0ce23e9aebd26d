"""Surveys: what people answered, as it was published, wave by wave."""

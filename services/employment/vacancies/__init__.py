"""Vacancies: the places that an employer offers."""

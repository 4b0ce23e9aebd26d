"""Employment: employers, their vacancies, and who was placed in them."""

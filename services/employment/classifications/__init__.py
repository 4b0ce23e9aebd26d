"""Classifications: occupations, sectors, and the words of closed lists."""

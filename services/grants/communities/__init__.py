"""Communities that organisations serve and are led by: their own word, sealed."""

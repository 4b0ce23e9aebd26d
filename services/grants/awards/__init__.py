"""Awards: what a consortium was granted, in which tranches, and as amended."""

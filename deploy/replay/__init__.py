"""The programme's grants once more, by HTTP: for a test, and for the demo."""

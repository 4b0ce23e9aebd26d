"""The programme, played once more by HTTP: for the demo, and for tests."""

"""Events: where communities meet, such as the Forum on Divided Cities."""

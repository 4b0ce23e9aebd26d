"""The courier: a process of its own, which posts to webhooks what their feeds tell."""

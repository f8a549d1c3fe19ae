"""How the scripts of this folder end when an image cannot be made."""


class Failed(Exception):
    """What went wrong and what to do, for who runs `make image`."""

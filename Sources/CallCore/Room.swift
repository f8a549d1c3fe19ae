/// Room CallCore.

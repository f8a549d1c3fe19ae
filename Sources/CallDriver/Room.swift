/// Room CallDriver.

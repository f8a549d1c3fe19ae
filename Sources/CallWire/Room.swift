/// Room CallWire.

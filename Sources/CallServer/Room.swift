/// Room CallServer.

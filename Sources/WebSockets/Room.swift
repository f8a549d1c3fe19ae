/// Room WebSockets.

/// Room Engines.

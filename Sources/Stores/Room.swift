/// Room Stores.

"""Testing the connection of a credential."""

"""Small widgets that pages and dialogs are made of. Each takes its texts in the user's language."""

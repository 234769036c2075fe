"""Small models that this project trained, each with a card beside it."""

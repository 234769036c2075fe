"""From a trained model to new sequences, in one compiled graph."""

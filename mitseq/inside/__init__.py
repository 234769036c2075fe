"""Looking into a model: cells, attention, gradients."""

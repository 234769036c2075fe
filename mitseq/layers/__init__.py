"""The layers of the slides: cells, sequence layers, and the engine behind them."""

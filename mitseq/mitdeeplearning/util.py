"""`mdl.util`: a plot that follows a training, and a picture of a model."""

from mitseq.mitdeeplearning.live_plot import LossHistory, PeriodicPlotter
from mitseq.mitdeeplearning.model_picture import display_model

__all__ = ["LossHistory", "PeriodicPlotter", "display_model"]

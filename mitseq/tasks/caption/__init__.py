"""Image captioning: one picture in, words out."""

"""What everyone has to know of the discriminator before Keras is loaded."""

FILE = "discriminator.keras"  # beside the music model whose tunes it knows
CHOOSE_FROM = 12  # tunes for each that is returned
MOST_CHOICES = 128

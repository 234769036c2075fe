"""What happens around `fit`: callbacks, evaluation, devices."""

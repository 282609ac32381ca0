"""How the weights were made, for anyone to repeat; needs the extra `train`."""

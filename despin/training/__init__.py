"""How the weights and the encoder were made, for anyone to repeat; needs the extras `eval` and `train`."""

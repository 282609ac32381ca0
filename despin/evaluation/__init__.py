"""How good despin is: figures on marked texts and clean ones."""

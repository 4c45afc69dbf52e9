"""What goes wrong in a backward pass: the catalogue, and what a mistake is."""

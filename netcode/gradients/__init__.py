"""Whether gradients are right: held against difference quotients, and against many digits."""

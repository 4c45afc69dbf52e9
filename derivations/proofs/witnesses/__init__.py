"""Second ways to look at an equation, which share nothing with the proof but the expression.

- `modular`: exact, at random points modulo large primes
- `high_precision`: in 100 digits, for what the exact one can't see
- `floating_point`: a look for numbers at which the equation fails, to be followed by hand
- `loops`, `dual`, `names`, `finding`: what the first two share
"""

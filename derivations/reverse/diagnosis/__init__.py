"""What is wrong with a backward pass that somebody wrote for a layer, whichever layer it is.

Nothing here knows a layer or a mistake. The right backward pass is known as formulas; one change is made to them after
another, and the change that gives the reader's numbers, at several places of different sizes, is what went wrong.

- `places`: numbers at which the reader's function is asked
- `asking`: what its parameters are, and what its results
- `asked`: a layer at one place, and what the function makes of it
- `changes`: one change at one place of a formula, in words
- `wholes`: changes of a whole formula
- `rivals`: the slope of another activation
- `misread`: an array that is taken for another one, or read without a part
- `candidates`: all of a layer's, and what they give, worked out once
- `numbers`: a factor, read back as a formula in the sizes and scalars
- `parts`: a gradient that is right in part
- `square`: a product that runs only where all sizes are equal
- `behind`: what a name acts on
- `search`: the change that explains a gradient, and the least that explains all
- `diagnosis`: the answer
"""

from derivations.reverse.diagnosis.asked import Asked, Function, Subject
from derivations.reverse.diagnosis.asking import AskingError
from derivations.reverse.diagnosis.diagnosis import LayerDiagnosis, diagnose
from derivations.reverse.diagnosis.places import Place, places

__all__ = ["Asked", "AskingError", "Function", "LayerDiagnosis", "Place", "Subject", "diagnose", "places"]

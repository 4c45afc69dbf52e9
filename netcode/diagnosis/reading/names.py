"""What a name means in a backward pass: `yhat`, `probs` and `A2` are probabilities, `reg` and `lambd` a strength."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

LAST = -1
"""The last layer, however many there are."""


class Meaning(NamedTuple):
    """A quantity of the network, and of which layer."""

    kind: str
    """X, Y, W, b, Z, A, P; dW, db, dZ, dA; lam, m, rate; parameters, cache, vector; weights, biases, activations,
    scores (lists); n, h, C (sizes), sizes (their list); steps, flag."""
    layer: int = 0


_GRADIENT = r"(?:d|grad|gradient|delta|nabla|del|dl|dj|djd|dld|dcostd|dlossd|partial|derivative|g)"
_NUMBERED = {
    "W": r"(?:w|weights?|theta|wt|kernel|syn|synapse|mat)",
    "b": r"(?:b|bias|biases)",
    "Z": r"(?:z|s|scores?|logits?|net|pre|u|zlayer|in)",
    "A": r"(?:a|h|hidden|act|activation|layer|l|o|out|alayer|relu|x)",
}
_LAYERED = [
    *((re.compile(rf"^{_GRADIENT}{word}(\d+)$"), f"d{kind}") for kind, word in _NUMBERED.items() if kind in "Wb"),
    *((re.compile(rf"^{word}(\d+)(?:grad|gradient|delta)$"), f"d{kind}") for kind, word in _NUMBERED.items()),
    (re.compile(r"^(?:d|grad|delta|error|err)(?:z|s|scores?|logits?|net)?(\d+)$"), "dZ"),
    (re.compile(r"^(?:d|grad)(?:a|h|hidden|act)(\d+)$"), "dA"),
    *((re.compile(rf"^{word}(\d+)$"), kind) for kind, word in _NUMBERED.items()),
]

_WORDS: Mapping[Meaning, str] = {
    Meaning("X"): "x xs xtrain trainx xbatch batchx data inputs input features images samples xdata xb a0 batch "
    "inputdata inputslist inputlist trainingdata xi inp trainingexamples l0 layer0",
    Meaning("Y"): "y ys ytrain trainy ybatch batchy ytrue t target targets label labels yonehot onehoty onehot ylabels "
    "ydata yb truth groundtruth actual expected trainlabels yi desired true ytruth onehotlabels tgt yt gt "
    "targetslist",
    Meaning("P"): "p ps prob probs probabilities yhat yhats ypred ypreds pred preds prediction predictions predicted "
    "softmax softmaxout out output outputs o al af yp haty finaloutput finaloutputs outputlayer outputactivation sm "
    "ypredicted predictedoutput ybar",
    Meaning("Z", LAST): "scores logits score logit zl zout outputinput z2out zo finalinputs",
    Meaning("A", 1): "h hidden hiddenlayer hiddenoutput hiddenoutputs hiddenactivation hiddenactivations ah "
    "hiddenlayeroutput h1out hid hout",
    Meaning("Z", 1): "hiddeninput hiddeninputs zh hpre prehidden hiddenscores hidin zhidden",
    Meaning("W", 1): "wih weightsinputhidden wxh wh whidden hiddenweights weightshidden wi inputweights weightsih "
    "winputhidden weightsinput win w_h hiddenlayerweights",
    Meaning("W", LAST): "who weightshiddenoutput why wo wout woutput outputweights weightsoutput weightsho "
    "whiddenoutput wouput v outputlayerweights",
    Meaning("b", 1): "bh bhidden biashidden hiddenbias hiddenbiases biash bi bih biaseshidden biasih bin "
    "hiddenlayerbias",
    Meaning("b", LAST): "bo bout boutput outputbias biasoutput by biaso outputbiases bho biasesoutput biasho "
    "outputlayerbias",
    Meaning("lam"): "lam lamb lambd lambda lamda lmbda reg regstrength reglambda l2 l2reg weightdecay wd decay "
    "regularization lambdareg regularizer l2lambda regparam lambda2 lamd regularisation l2strength regcoef lambdal2 "
    "lambdaa λ",
    Meaning("m"): "m n batchsize numexamples nsamples bs numsamples mtrain ntrain examples nexamples batchlen",
    Meaning("rate"): "lr learningrate eta alpha stepsize epsilon rate learnrate eps l_rate learning step",
    Meaning("parameters"): "parameters params param model network net weightsandbiases pars nn",
    Meaning("cache"): "cache caches forward fwd forwardcache memory store intermediates intermediate ctx context state "
    "values cached forwardvalues forwardpass saved forwardoutput forwardresults activationscache mem "
    "forwardpropagation",
    Meaning("weights"): "w ws weights weight theta thetas wlist weightlist weightslist allweights",
    Meaning("biases"): "b bs biases bias blist biaslist biaseslist",
    Meaning("activations"): "a as activations acts alist activationlist aas layersout layeroutputs",
    Meaning("scores"): "z zs zlist preactivations preacts zvalues",
    Meaning("vector"): "vector vec nnparams thetavec flat paramsvector flatparams parametervector packed unrolled "
    "thetavector flattheta wvec initialnnparams initialtheta",
    Meaning("n"): "inputsize nx inputdim d din inputlayersize nin inputnodes infeatures numfeatures nfeatures ninputs "
    "inodes numinputs ninput inputunits inputs dim ni inputneurons indim numinput",
    Meaning("h"): "hiddensize nh hiddendim hiddenlayersize nhidden nnhdim numhidden hiddenunits hiddennodes hnodes "
    "hiddenneurons hid nhiddenunits numhiddenunits hiddenlayerneurons",
    Meaning("C"): "outputsize ny outputdim c k numclasses nclasses numlabels nout outputnodes outfeatures noutputs "
    "onodes numoutputs noutput outputunits classes outputlayersize dout outdim no outputneurons numclass outputclasses",
    Meaning("sizes"): "sizes layers layersizes layerdims dims layersdims layersize shape architecture structure "
    "netsize layerunits",
    Meaning("steps"): "numpasses epochs steps numiterations niters iterations maxiter numepochs nepochs iters epoch "
    "numiters numsteps maxepochs nepoch",
    Meaning("flag"): "printloss verbose printcost debug plot show quiet",
}
_MEANINGS: dict[str, list[Meaning]] = {}
for _meaning, _names in _WORDS.items():
    for _name in _names.split():
        _MEANINGS.setdefault(_name.replace("_", ""), []).append(_meaning)


@cache
def meanings(name: str) -> list[Meaning]:
    """What the name can mean, the likeliest first; empty if nothing is known."""
    plain = name.replace("_", "").replace(".", "").lower()
    found = list(_MEANINGS.get(plain, ()))
    found += [Meaning(kind, int(match[1])) for pattern, kind in _LAYERED if (match := pattern.match(plain))]
    if name in ("N", "M"):
        found = [Meaning("m")]
    if len(name) == 1 and name in "DHCK":
        found = [Meaning({"D": "n", "H": "h"}.get(name, "C")), *found]
    return found


def is_loss(name: str) -> bool:
    """Whether it is what a loss is called.

    >>> is_loss("data_loss"), is_loss("J"), is_loss("dW")
    (True, True, False)
    """
    return any(word in name.lower() for word in ("loss", "cost", "objective")) or name in ("J", "L", "E", "c")


def is_rate(name: str) -> bool:
    """Whether it can only be a learning rate; `alpha` and `eps` may as well be a slope, or a small number.

    >>> is_rate("learning_rate"), is_rate("alpha")
    (True, False)
    """
    return name.replace("_", "").lower() in ("lr", "learningrate", "eta", "stepsize", "learnrate", "lrate")


def is_upstream(name: str) -> bool:
    """Whether it is the gradient that a layer gets from the layer behind it.

    >>> is_upstream("dvalues"), is_upstream("dZ"), is_upstream("data")
    (True, True, False)
    """
    words = "dvalues dout doutput gradoutput outputgradient upstream upstreamgradient dy dz da grad gradient dloss"
    return name.replace("_", "").lower() in words.split()


def gradient_of(key: str) -> Meaning | None:
    """The parameter whose gradient it is in a result: `W1`, `dW1` and `grad_W1` are all that of W1."""
    for kind, layer in meanings(key):
        if kind in ("dW", "db", "W", "b"):
            return Meaning(kind.removeprefix("d"), layer)
    plain = key.replace("_", "").lower()
    for word in ("gradient", "grad", "delta", "nabla", "djd", "dld", "dcostd", "dlossd", "d", "g"):
        if (rest := plain.removeprefix(word)) != plain or (rest := plain.removesuffix(word)) != plain:
            for kind, layer in meanings(rest):
                if kind in ("W", "b"):
                    return Meaning(kind, layer)
            if rest in ("w", "weights", "theta", "b", "bias"):
                return Meaning("b" if rest[0] == "b" else "W", 1)
    return None


def counted_from_zero(names: Iterable[str]) -> dict[str, str]:
    """What W0, b0, dW0 and so on are called when layers are counted from 1; empty if nobody counts from 0.

    Kinds of names that go one further than the weights do, as in W0, W1 with A1, A2, are counted from 1 already.
    """
    numbered: dict[str, dict[str, int]] = {}
    for name in names:
        if match := re.search(r"\d+$", name):
            for kind in [kind for kind, layer in meanings(name) if layer == int(match[0])][-1:]:
                numbered.setdefault(kind, {})[name] = int(match[0])
    weights = {**numbered.get("W", {}), **numbered.get("dW", {})}
    if 0 not in weights.values():
        return {}
    last = max(weights.values())
    counted = [found for found in numbered.values() if max(found.values()) <= last]
    return {name: f"{name.rstrip('0123456789')}{number + 1}" for found in counted for name, number in found.items()}


def nearest(name: str, known: Iterable[str] = ()) -> list[str]:
    """Known names that are written nearly so."""
    return difflib.get_close_matches(name.replace("_", "").lower(), [*_MEANINGS, *known], n=3, cutoff=0.5)

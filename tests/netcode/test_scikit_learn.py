"""The classifier among scikit-learn's tools, by its checks of estimators, and without scikit-learn."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest

from netcode import Classifier
from netcode.data import spiral
from netcode.scikit_learn import NotFittedError

pytest.importorskip("sklearn")

from sklearn.base import clone, is_classifier
from sklearn.exceptions import DataConversionWarning
from sklearn.exceptions import NotFittedError as TheirNotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

pytestmark = pytest.mark.usefixtures("unchecked_shapes")  # what is given here is to be refused by netcode itself

X, y = spiral(points_per_class=30)
NAMES = np.array(["left", "right", "up"])


with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "Estimator Classifier does not inherit from `sklearn.base.BaseEstimator`")
    each_check: pytest.MarkDecorator = parametrize_with_checks([Classifier(updates=300)])


@pytest.mark.filterwarnings("default")  # the checks provoke warnings, and look at them themselves
@each_check
def test_what_scikit_learn_checks(estimator: Classifier, check: Any) -> None:
    check(estimator)


def test_clone_and_cross_validation() -> None:
    model = Classifier(hidden=5, updates=300)
    assert is_classifier(model)
    assert clone(model.fit(X, y)).get_params() == model.get_params()
    assert not hasattr(clone(model), "parameters_")
    assert cross_val_score(model, X, NAMES[y], cv=3).shape == (3,)
    search = GridSearchCV(model, {"hidden": [2, 20]}, cv=3).fit(X, NAMES[y])
    assert set(search.predict(X)) <= set(NAMES)


def test_a_pipeline() -> None:
    pipeline = make_pipeline(StandardScaler(), Classifier(updates=1000)).fit(X, NAMES[y])
    assert pipeline.score(X, NAMES[y]) > 0.6


def test_its_errors_and_warnings_are_scikit_learns_too() -> None:
    with pytest.raises(TheirNotFittedError) as caught:
        Classifier().predict(X)
    assert isinstance(caught.value, NotFittedError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (NotFittedError, str(caught.value))
    with pytest.warns(DataConversionWarning):
        Classifier(updates=1).fit(X, y[:, np.newaxis])


@pytest.mark.parametrize("container", ["csr_matrix", "coo_array", "dok_array"])
def test_sparse_arrays_are_refused_by_name(container: str) -> None:
    scipy_sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(TypeError, match=r"^X is sparse; expected a dense array, as X.toarray\(\) gives$"):
        Classifier(updates=1).fit(getattr(scipy_sparse, container)(X), y)


def test_it_works_without_scikit_learn() -> None:
    program = """
import sys
sys.modules["sklearn"] = sys.modules["scipy"] = None  # an import of them then fails
from netcode import Classifier
from netcode.scikit_learn import NotFittedError
try:
    Classifier().predict([[1.0]])
except NotFittedError as error:
    print(error)
model = Classifier(updates=1).fit([[0.0], [1.0]], ["no", "yes"]).partial_fit([[0.0]], ["no"])
print(len(model.loss_curve_))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "this Classifier is not fitted; expected fit(X, y) first\n2\n"

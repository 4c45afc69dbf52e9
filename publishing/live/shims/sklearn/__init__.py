"""Of scikit-learn, its digits: whole it would make the reader load 19 MB more."""

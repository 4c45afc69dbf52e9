"""The derivations of this course: a module for each chapter."""

"""A site of version 0.x as it stood before the app's code was arranged by documents, and what a later version has to make of it."""

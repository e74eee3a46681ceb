"""One module a step; revisions are numbers, so that older and newer can be told."""

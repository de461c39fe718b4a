"""Steps that several use cases share: moving a case, holding units, carrying out a settlement."""

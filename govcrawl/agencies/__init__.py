"""WHOSE report it is: gazetteer of divisions, naming of organs, organisation codes, exemptions. Pure text logic, no SQL."""

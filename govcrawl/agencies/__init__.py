"""Who publishes a report: the gazetteer of divisions, names of organs, organisation codes, exemptions. Pure, no SQL."""

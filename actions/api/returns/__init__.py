"""Returns: what an organisation says of a plan for a period, read, filled in, submitted and given back."""

"""What changed in the actions between two past moments."""

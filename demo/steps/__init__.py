"""What a row of a history table can say, one module for each kind of step."""

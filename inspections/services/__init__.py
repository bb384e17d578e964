"""What can be done to inspections, recommendations, responses and letters. Each checks, changes and records in one go."""

"""Figures that leave the warehouse as files: CSV and Excel that open in Excel as they were meant."""

"""Families, persons and enrollments, linked across lists."""

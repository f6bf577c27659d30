"""A demonstration of the whole chain on one district, with invented people and figures. Not part of a real portal."""

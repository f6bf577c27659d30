"""The performance suite: what the portal promises, measured on the demonstration's data (``bin/bench``).

Seconds differ from machine to machine, so each is also printed as a multiple of a calibration page that the stock PDF
engine renders in the same run. Rooms add their measures in ``bench/<room>.py``.
"""

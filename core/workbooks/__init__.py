"""Spreadsheets in and out: a safe reader of uploaded XLSX, and a writer of ours. Nothing else opens a workbook."""

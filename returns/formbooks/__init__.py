"""The form as a workbook: downloaded, edited, compared, tried on last month, published from a period on."""

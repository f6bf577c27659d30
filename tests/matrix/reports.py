from tests.matrix import any_officer, public, register

register("reports:home", get=public)
register("reports:start", get=any_officer)

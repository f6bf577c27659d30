from tests.matrix import public, register

register("reports:home", get=public)

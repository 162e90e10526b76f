from .growth import LINEAR, TIMES, cost, growth


def linear(size):
    return lambda: sum(number * number for number in range(size * 1_000))


def quadratic(size):
    return lambda: [sum(range(size * 10)) for _ in range(size * 10)]


def test_the_growth_of_a_linear_task_is_about_one_and_that_of_a_quadratic_one_is_not():
    assert growth(linear, 10) < LINEAR < growth(quadratic, 10) < 2 * TIMES


def test_costs_are_those_of_the_tasks_in_their_order():
    less, more = cost(linear(5), linear(50))

    assert 0 < less < more

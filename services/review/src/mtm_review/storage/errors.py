"""What can go wrong with a stored review."""


class ReviewNotFound(Exception):
    """No review has this id."""


class ReviewChangedMeanwhile(Exception):
    """Another change of the review was kept between reading and keeping this one."""


class ReplayRunNotFound(Exception):
    """No replay run has this id."""


class ReviewRunNotFound(Exception):
    """No review run has this id."""


class ForecastNotFound(Exception):
    """No policy forecast has this id."""


class AppointmentNotFound(Exception):
    """The review has no appointment with this id."""

"""Why a step of a night failed, as a code with names that may leave the machine.

The message of an error is for whoever stands at the machine: it can quote the data. What is told elsewhere
is said from the code (ganxun/alerts/wording.py), with names of models, tests and columns of this project.
"""

from __future__ import annotations

from dataclasses import dataclass

from ganxun.steps.machine_faults import find_machine_fault

MOST_NAMES = 5
# Of libraries, by the name of their class.
_CLASSES = {"AirflowTaskTimeout": "timeout"}


@dataclass(frozen=True)
class Failure:
    """A failed step: `code` has words in every message; `names` are of models, tests, columns or a class."""

    code: str
    names: tuple[str, ...] = ()


class StepFailed(RuntimeError):
    """A step of a night ended as it was foreseen to; `failure` is what may be told of it elsewhere."""

    code = "unexpected"

    def __init__(self, message: str, *names: str, code: str = "") -> None:
        """`names` are of this project, never from the data."""
        super().__init__(message)
        self.failure = Failure(code or self.code, names[:MOST_NAMES])


def explain_error(error: BaseException) -> Failure:
    """What an exception of a step means; what the machine lacked comes before what the step was doing.

    An error that nobody foresaw becomes the name of its class: its text may quote the data.
    """
    if fault := find_machine_fault(error):
        return Failure(fault.code)
    if isinstance(error, StepFailed):
        return error.failure
    name = type(error).__name__
    return Failure(_CLASSES[name]) if name in _CLASSES else Failure("unexpected", (name,))


def explain_landing(error: BaseException) -> Failure:
    """The same for a source of which nothing more could be landed: a folder that is not there, a database."""
    return Failure(fault.code if (fault := find_machine_fault(error)) else "drop")

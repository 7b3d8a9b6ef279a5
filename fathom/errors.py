"""Every error that Fathom raises for a person to read, drawn once.

FathomError
├── KnobError          a knob that does not exist, or a value outside its range
├── ExperimentError    an experiment file that does not keep the contract
├── UnknownExperiment  no experiment of that name
├── DataError          a data set that is missing, damaged or cannot be downloaded
├── RecordingError     a file that is not a recording, or cannot be written
├── LessonError        a lesson, a quiz or an exercise that cannot be read
├── ClassroomError     what learners keep cannot be opened or written
│   └── NotKept        this time, because the disk is full for example
├── WireError          bytes that are not a message
├── ExerciseError      an exercise that does not keep the contract, with file and line
├── SandboxError       a sandbox that cannot be closed as it should
└── RunError           a run that cannot start, or a process that died

A message is one or two sentences: what was wrong, where, and what to do.
"""


class FathomError(Exception):
    """The root: what the command line and the page show as a sentence, without a traceback."""


class KnobError(FathomError):
    """A knob that does not exist, or a value outside its range."""


class ExperimentError(FathomError):
    """An experiment file that does not keep the contract."""


class UnknownExperiment(FathomError):
    """No experiment of that name."""


class DataError(FathomError):
    """A data set that is missing, damaged or cannot be downloaded.

    `instead` names knobs that make the same experiment work without that data,
    for example {"data": "digits"}: the page and the command offer them.
    """

    def __init__(self, message: str, instead: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.instead = instead or {}


class RecordingError(FathomError):
    """A file that is not a recording, or cannot be written."""


class LessonError(FathomError):
    """A lesson, a quiz or an exercise that cannot be read."""


class ClassroomError(FathomError):
    """What learners keep cannot be opened or written."""


class NotKept(ClassroomError):
    """Something could not be written now, because the disk is full for example."""


class WireError(FathomError):
    """Bytes that are not a message."""


class ExerciseError(FathomError):
    """An exercise that does not keep the contract, with file and line."""


class SandboxError(FathomError):
    """A sandbox that cannot be closed as it should."""


class RunError(FathomError):
    """A run that cannot start, or a process that died."""

"""An experiment that cannot be imported."""

import no_module_of_this_name  # type: ignore[import-not-found]  # noqa: F401

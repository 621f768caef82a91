"""What Python imports first in a process that a playground starts: this folder is put on its PYTHONPATH."""

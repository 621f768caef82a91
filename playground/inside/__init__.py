"""What Python looks at first in a process that a playground starts: the folder is put into its PYTHONPATH."""

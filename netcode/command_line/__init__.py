"""Behind the command line: the commands, progress on a terminal, and a Ctrl-C that loses nothing."""

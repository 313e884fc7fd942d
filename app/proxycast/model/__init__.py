"""The nouns of the program, pure Python without I/O."""

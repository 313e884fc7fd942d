"""The program without a face: what the window and the command line drive."""

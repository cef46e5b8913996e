@rem npm scripts begin with exec, so that a signal to npm reaches the program and not a shell in between. Windows has no exec: this is it.
@%*

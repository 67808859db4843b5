"""The real worker process under SIGKILL: what was asked, compared with what the simulated networks hold."""

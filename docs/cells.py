"""What code cells of these pages may use besides Python: ``%%sh``, lines for a terminal.

IPython runs this file when a page's kernel starts (``PYTHONSTARTUP``, set in conf.py). Its own ``%%sh`` hands the
output over in pieces and standard error apart from it; here both come together, in order. A command that fails
fails the build.
"""

import subprocess


def run_in_shell(_options: str, lines: str) -> None:
    """Run the lines of a cell and print what they print."""
    command = ["/bin/sh", "-e", "-c", lines]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # noqa: S603
    print(done.stdout.decode("utf-8"), end="")  # noqa: T201
    done.check_returncode()


if __name__ == "__main__":  # in a kernel, and not where a test only imports it
    from IPython import get_ipython

    get_ipython().register_magic_function(run_in_shell, "cell", "sh")

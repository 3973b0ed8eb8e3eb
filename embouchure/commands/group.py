"""A group: a command that only holds other commands."""

import typer


def make_group(name: str, about: str) -> typer.Typer:
    """Make a group that, called alone, says in one line which commands it has."""
    group = typer.Typer(help=about)

    @group.callback(invoke_without_command=True)
    def _alone(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            *most, last = (f"{name} {command.name}" for command in group.registered_commands)
            commands = f"{', '.join(most)} or {last}" if most else last
            typer.echo(f"embouchure: {name} alone does nothing; choose {commands}", err=True)
            raise typer.Exit(2)

    return group

"""A GraphQL schema: documents are validated, and the variables that go with them. https://spec.graphql.org"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from tidings.commands.specs.form import JSON, Operation, Problem, Schema, Spec, based, fields

TEXT: Schema = {"type": "string"}
ANYTHING: Schema = {"type": ["object", "null"]}


def read(files: Sequence[Path], at: Sequence[str]) -> Spec:
    """One file. Everything is asked at one address."""
    schema = build_schema("\n".join(file.read_text() for file in files))
    base, hosts = based(at)
    asked = fields({"query": TEXT, "variables": ANYTHING, "operationName": TEXT}, ("query",))
    one = Operation("POST", base or "/", bodies={JSON: asked}, needs_body=True, look=Look(schema))
    return Spec("", (one,), hosts)


class Look:
    """What this schema says of a document and its variables."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def __call__(self, body: Any) -> Iterator[Problem]:
        try:
            document = parse(body["query"])
        except (GraphQLError, KeyError, TypeError) as error:
            yield Problem("query", "wrong form", f"is no GraphQL: {error}")
            return
        for wrong in validate(self._schema, document):
            yield Problem("query", "not in the schema", wrong.message.rstrip("."))
        for wrong in validate(self._schema, document, [NoDeprecatedCustomRule]):
            yield Problem("query", "deprecated", wrong.message.rstrip("."))
        yield from self._variables(document, body.get("variables") or {})

    def _variables(self, document: Any, given: dict[str, Any]) -> Iterator[Problem]:
        (asked,) = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        wanted = asked.variable_definitions or ()
        named = {one.variable.name.value for one in wanted}
        for name in given.keys() - named:
            yield Problem(f"variables.{name}", "unknown field", "is a variable that the document does not have")
        found = get_variable_values(self._schema, wanted, given)
        for wrong in found if isinstance(found, list) else ():
            yield Problem("variables", "wrong type", wrong.message.rstrip("."))

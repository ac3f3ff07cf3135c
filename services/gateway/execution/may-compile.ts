import { BREAK, Kind, visit, type DocumentNode, type ValueNode } from "graphql";

/**
 * Whether graphql-jit 0.8.9 may have a document. It writes source text out of it, so this errs on the side of no:
 * - a text among the arguments: the library puts literals into its source through a replacement that certain texts
 *   turn into code (`__MAGIC_DATE__…`), which would let a client run it;
 * - a variable inside a list or an object: left out, it would become null instead of absent (GQL-16);
 * - directives: conditions of one fragment leak into another place where it is spread;
 * - an alias with an underscore: paths are joined by underscores into names, and two could meet.
 * A front end's documents have none of these but directives.
 */
export function mayCompile(document: DocumentNode): boolean {
  let may = true;
  const refuse = () => {
    may = false;
    return BREAK;
  };
  visit(document, {
    Directive: refuse,
    Field: ({ alias }) => (alias?.value.includes("_") ? refuse() : undefined),
    Argument: ({ value }) => (isPlain(value) ? undefined : refuse()),
    VariableDefinition: () => false,
  });
  return may;
}

function isPlain(value: ValueNode): boolean {
  return value.kind === Kind.VARIABLE || isLiteral(value);
}

function isLiteral(value: ValueNode): boolean {
  switch (value.kind) {
    case Kind.STRING:
    case Kind.VARIABLE:
      return false;
    case Kind.LIST:
      return value.values.every(isLiteral);
    case Kind.OBJECT:
      return value.fields.every((field) => isLiteral(field.value));
    default:
      return true;
  }
}

import { Kind, visit, type ASTVisitor, type DocumentNode, type ValidationContext } from "graphql";
import { isWellFormed } from "../../kernel/text";
import { refuse } from "../errors/refuse";
import { structuralExcess } from "./structure";

const nothingLeft: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * The validation rule that goes before the standard ones: it reads the whole document at its root, and where a limit is
 * broken it puts an empty document in its place, so that the costly standard rules have nothing left to walk through.
 */
export function limitsRule(context: ValidationContext): ASTVisitor {
  return {
    Document(document: DocumentNode) {
      const excess = structuralExcess(document);
      for (const { limit, message } of excess) context.reportError(refuse("OPERATION_TOO_COMPLEX", message, { limit }));
      if (excess.length > 0 || reportUnusableText(context, document)) return nothingLeft;
      return undefined;
    },
  };
}

// PostgreSQL stores neither U+0000 nor half of a surrogate pair (attack row 21).
function reportUnusableText(context: ValidationContext, document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    StringValue(node) {
      if (!node.value.includes("\u0000") && isWellFormed(node.value)) return undefined;
      found = true;
      context.reportError(
        refuse("BAD_USER_INPUT", "a text holds a character that cannot be stored", { nodes: [node] }),
      );
      return undefined;
    },
  });
  return found;
}

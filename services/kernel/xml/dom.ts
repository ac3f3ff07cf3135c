import { DOMParser } from "@xmldom/xmldom";

/** Text that passed the pre-scan and is still no document: the two parsers disagree, so neither is believed. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

function refuse(message: string): never {
  throw new XmlError(message);
}

const normalizeLineEndings = (text: string): string => text.replace(/\r\n?/g, "\n");

/**
 * The one DOM parser of this house (SAML-35): verifier and reader hold the same copy of xmldom, so no text can mean
 * one thing to the first and another to the second. Only text that passed `prescan` belongs here.
 * @throws XmlError
 */
export function parseXml(xml: string): Element {
  const handler = { warning: refuse, error: refuse, fatalError: refuse };
  // The parser fills the locator; positions are of no use to us. Line ends by XML 1.0 §2.11: xmldom 0.8 would fold
  // U+0085 and U+2028 too, as only XML 1.1 does. The types do not know that option.
  const options = { locator: {}, errorHandler: handler, normalizeLineEndings };
  // Its types promise a document; for text without a root it answers undefined.
  const document = new DOMParser(options).parseFromString(xml, "text/xml") as Document | undefined;
  return document?.documentElement ?? refuse("a document without a root element");
}

/** Whether an element has this name, local part and namespace both exact. */
export function is(element: Element, namespace: string, local: string): boolean {
  return element.localName === local && element.namespaceURI === namespace;
}

/** The child elements, in document order. */
export function children(parent: Element): Element[] {
  const found: Element[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 1) found.push(node as Element);
  }
  return found;
}

/** The child elements of one name. */
export function childrenNamed(parent: Element, namespace: string, local: string): Element[] {
  return children(parent).filter((child) => is(child, namespace, local));
}

/** The only child element of that name; nothing where there is none or more than one. */
export function onlyChild(parent: Element, namespace: string, local: string): Element | undefined {
  const found = childrenNamed(parent, namespace, local);
  return found.length === 1 ? found[0] : undefined;
}

/** The element and everything below it, in document order; iterative, because depth is the sender's choice. */
export function* descendants(root: Element): Generator<Element> {
  let node: Node | null = root;
  while (node) {
    if (node.nodeType === 1) yield node as Element;
    let next: Node | null = node.firstChild;
    while (!next && node && node !== root) {
      next = node.nextSibling;
      if (!next) node = node.parentNode;
    }
    node = next;
  }
}

/** The value of an attribute without prefix, or nothing where it is absent. */
export function attribute(element: Element, name: string): string | undefined {
  return element.getAttributeNode(name)?.value;
}

/** All attributes, namespace declarations left out. */
export function attributes(element: Element): Attr[] {
  const found: Attr[] = [];
  for (let i = 0; i < element.attributes.length; i++) {
    const attr = element.attributes.item(i);
    if (attr && attr.name !== "xmlns" && !attr.name.startsWith("xmlns:")) found.push(attr);
  }
  return found;
}

/** The text of an element that holds text and nothing else; nothing where it has child elements. */
export function textOf(element: Element): string | undefined {
  let text = "";
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType !== 3) return undefined;
    text += node.nodeValue ?? "";
  }
  return text;
}

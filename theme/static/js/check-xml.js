// @ts-check
/**
 * Goes through the XML of an office document, part by part. A browser's own parser is not there in a worker, where a
 * large document keeps nobody waiting. Document types are refused, and with them every entity that could be a bomb; the
 * formats that are read here forbid them. Pure.
 */

/** The text is no XML that an office document may hold. */
export class XmlError extends Error {
  name = "XmlError";
}

/**
 * What is called for each part, with names that have lost their prefix.
 * @typedef {object} Visitor
 * @property {(name: string, parent: string, attribute: (name: string) => string | null) => void} open
 * @property {(name: string) => void} close
 * @property {(text: string) => void} text
 */

const TAG = /^<\/?(?:[^\s"'/<>=]+:)?([^\s"'/<>=:]+)((?:[^"'>]|"[^"]*"|'[^']*')*?)(\/?)>$/;
const ENTITY = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));|&/g;
const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const DEEPEST = 500;

/**
 * @param {string} xml
 * @param {Visitor} visitor
 * @throws {XmlError}
 */
export function readXml(xml, visitor) {
  /** @type {string[]} */
  const open = [];
  let at = 0;
  while (at < xml.length) {
    const tag = xml.indexOf("<", at);
    const text = xml.slice(at, tag < 0 ? xml.length : tag);
    if (text && open.length > 0) {
      visitor.text(decoded(text));
    }
    if (tag < 0) {
      break;
    }
    if (xml.startsWith("<!--", tag)) {
      at = after(xml, "-->", tag + 4);
    } else if (xml.startsWith("<?", tag)) {
      at = after(xml, "?>", tag + 2);
    } else if (xml.startsWith("<![CDATA[", tag)) {
      at = after(xml, "]]>", tag + 9);
      visitor.text(xml.slice(tag + 9, at - 3));
    } else if (xml.startsWith("<!", tag)) {
      throw new XmlError("a document type");
    } else {
      at = endOfTag(xml, tag);
      visit(xml.slice(tag, at), open, visitor);
    }
  }
  if (open.length > 0 || at === 0) {
    throw new XmlError("it breaks off");
  }
}

/**
 * @param {string} tag
 * @param {string[]} open
 * @param {Visitor} visitor
 */
function visit(tag, open, visitor) {
  const parts = TAG.exec(tag);
  if (!parts) {
    throw new XmlError("a tag that is none");
  }
  const [, name, attributes, empty] = parts;
  if (tag[1] === "/") {
    if (open.pop() !== name) {
      throw new XmlError("a tag that is not closed");
    }
    visitor.close(name);
    return;
  }
  if (open.length >= DEEPEST) {
    throw new XmlError("too deep");
  }
  visitor.open(name, open.at(-1) ?? "", (wanted) => attributeIn(attributes, wanted));
  if (empty) {
    visitor.close(name);
  } else {
    open.push(name);
  }
}

/**
 * @param {string} attributes
 * @param {string} name
 * @returns {string | null}
 */
function attributeIn(attributes, name) {
  for (const [, own, , double, single] of attributes.matchAll(/(?:^|\s)(?:[^\s"'=:]+:)?([^\s"'=:]+)\s*=\s*("([^"]*)"|'([^']*)')/g)) {
    if (own === name) {
      return decoded(double ?? single ?? "");
    }
  }
  return null;
}

/**
 * @param {string} xml
 * @param {number} tag
 * @returns {number} the place after a tag; `>` may stand in the value of an attribute
 */
function endOfTag(xml, tag) {
  let quote = "";
  for (let at = tag + 1; at < xml.length; at += 1) {
    const character = xml[at];
    if (quote) {
      quote = character === quote ? "" : quote;
    } else if (character === ">") {
      return at + 1;
    } else if (character === '"' || character === "'") {
      quote = character;
    }
  }
  throw new XmlError("it breaks off");
}

/**
 * @param {string} xml
 * @param {string} end
 * @param {number} from
 * @returns {number}
 */
function after(xml, end, from) {
  const at = xml.indexOf(end, from);
  if (at < 0) {
    throw new XmlError("it breaks off");
  }
  return at + end.length;
}

/**
 * @param {string} text
 * @returns {string}
 */
function decoded(text) {
  return text.includes("&") ? text.replace(ENTITY, character) : text;
}

/**
 * @param {string} _ the whole entity
 * @param {string | undefined} hexadecimal
 * @param {string | undefined} decimal
 * @param {keyof typeof NAMED | undefined} named
 * @returns {string}
 */
function character(_, hexadecimal, decimal, named) {
  if (named) {
    return NAMED[named];
  }
  const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number.parseInt(decimal ?? "", 10);
  if (!(code <= 0x10ffff)) {
    throw new XmlError("an entity that is not known");
  }
  return String.fromCodePoint(code);
}

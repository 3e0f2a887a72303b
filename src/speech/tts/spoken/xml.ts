/** Where a text that begins with `<speak>` is wrong. */
export interface SpokenFault {
  readonly message: string;
  readonly hint?: string;
  /** Characters from the beginning of the text, from 0. */
  readonly at: number;
  /** Lines and columns of the text, from 1. */
  readonly line: number;
  readonly column: number;
}
export interface Attribute {
  readonly value: string;
  readonly at: number;
}
export interface Element {
  readonly name: string;
  readonly at: number;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly children: readonly (Element | string)[];
}

export class SpokenWrong extends Error {
  constructor(readonly at: number, message: string, readonly hint?: string) {
    super(message);
  }
}

const DEEPEST = 20;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'' };
const NAME = String.raw`[A-Za-z][A-Za-z0-9:_-]*`;
const TAG = new RegExp(String.raw`<(/?)(${NAME})((?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>`, 'y');
const ATTRIBUTE = new RegExp(String.raw`(${NAME})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g');

interface Open {
  readonly name: string;
  readonly at: number;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly children: (Element | string)[];
}

/** Elements, attributes, text and the five entities of XML 1.0, and nothing else of it: no comments, CDATA, declarations. @throws SpokenWrong */
export function parseXml(text: string): Element {
  const open: Open[] = [];
  let root: Element | undefined;
  const add = (child: Element | string, at: number): void => {
    const parent = open.at(-1);
    if (parent) parent.children.push(child);
    else if (typeof child === 'string') refuseOutside(child, at);
    else if (root) throw new SpokenWrong(at, `<${child.name}> stands behind the end of the text`);
    else root = child;
  };
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('<', at);
    const end = next < 0 ? text.length : next;
    if (end > at) add(unescaped(text.slice(at, end), at), at);
    if (next < 0) break;
    TAG.lastIndex = next;
    const tag = TAG.exec(text);
    if (!tag) throw new SpokenWrong(next, `this "<" begins no tag`, 'write &lt; where the sign itself is meant; comments are not taken');
    const [whole, closing, name = '', written = '', empty] = tag;
    if (closing) {
      if (written !== '' || empty) throw new SpokenWrong(next, `</${name}> takes nothing besides its name`);
      const last = open.pop();
      if (last?.name !== name) throw new SpokenWrong(next, last ? `</${name}> closes nothing: <${last.name}> is still open` : `</${name}> closes nothing`);
      add(last, last.at);
    } else {
      if (open.length >= DEEPEST) throw new SpokenWrong(next, `elements lie in each other more than ${DEEPEST} deep`);
      const element: Open = { name, at: next, attributes: attributesOf(written, next + whole.indexOf(written, name.length)), children: [] };
      if (empty) add(element, next);
      else open.push(element);
    }
    at = next + whole.length;
  }
  const unclosed = open.at(-1);
  if (unclosed) throw new SpokenWrong(unclosed.at, `<${unclosed.name}> is never closed`, `add </${unclosed.name}>`);
  if (!root) throw new SpokenWrong(0, 'there is no <speak>');
  return root;
}

function refuseOutside(text: string, at: number): void {
  if (text.trim() !== '') throw new SpokenWrong(at, 'there is text outside <speak>');
}

function attributesOf(written: string, from: number): Map<string, Attribute> {
  const found = new Map<string, Attribute>();
  for (const match of written.matchAll(ATTRIBUTE)) {
    const [, name = '', double, single] = match;
    const at = from + match.index;
    if (found.has(name)) throw new SpokenWrong(at, `"${name}" is written twice`);
    found.set(name, { value: unescaped(double ?? single ?? '', at), at });
  }
  return found;
}

/** @throws SpokenWrong where an & begins none of the entities */
const unescaped = (text: string, from: number): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));|&/gi, (whole: string, decimal: string | undefined, hex: string | undefined, name: string | undefined, at: number) => {
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    const said = name === undefined ? (code > 0x1f && code <= 0x10_ffff ? String.fromCodePoint(code) : undefined) : ENTITIES[name];
    if (said === undefined) throw new SpokenWrong(from + at, `"${whole}" is no character`, 'write &amp; where the sign & itself is meant');
    return said;
  });

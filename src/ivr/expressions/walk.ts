import type { ASTNode } from '@marcbachmann/cel-js';

/** Macros that go through a list and name its items. */
const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** Names of CEL itself. */
const BUILT_IN = new Set(['bool', 'bytes', 'double', 'dyn', 'int', 'list', 'map', 'null_type', 'string', 'type', 'uint', 'google', 'optional']);
/** One inside another; more and the work would grow with the third power of what an HTTP answer holds. */
const MOST_LOOPS = 2;

export class Refused extends Error {
  constructor(message: string, readonly at: number) {
    super(message);
  }
}

export interface Survey {
  readonly names: ReadonlySet<string>;
  /** With the fields after them: `order.items`. */
  readonly paths: ReadonlySet<string>;
  readonly nodes: number;
  /** How deep lists are gone through inside one another. */
  readonly loops: number;
  /** Whether a text may become a list. */
  readonly splits: boolean;
}

/**
 * What a parsed expression needs and costs. Puts our own `matches` in the place of the library's, which could take for ever.
 * @throws Refused for what is CEL but not for flows
 */
export function survey(root: ASTNode): Survey {
  const found = { names: new Set<string>(), paths: new Set<string>(), nodes: 0, loops: 0, splits: false };
  const need = (path: readonly string[], bound: ReadonlySet<string>): void => {
    const [name = ''] = path;
    if (bound.has(name) || BUILT_IN.has(name)) return;
    found.names.add(name);
    found.paths.add(path.join('.'));
  };
  const visit = (node: ASTNode, bound: ReadonlySet<string>, loops: number): void => {
    found.nodes += 1;
    found.loops = Math.max(found.loops, loops);
    const path = pathOf(node);
    if (path) return need(path, bound);
    if (node.op === 'rcall') return method(node, bound, loops);
    for (const child of children(node)) visit(child, bound, loops);
  };
  const method = (node: Extract<ASTNode, { op: 'rcall' }>, bound: ReadonlySet<string>, loops: number): void => {
    const [name, receiver, args] = node.args;
    if (receiver.op === 'id' && receiver.args === 'cel') throw new Refused(`cel.${name} is not available in flows`, node.start);
    if (name === 'split') found.splits = true;
    if (name === 'matches') node.args[0] = 'matchesInLinearTime';
    visit(receiver, bound, loops);
    const [item] = args;
    if (!LOOPS.has(name) || item?.op !== 'id') {
      for (const arg of args) visit(arg, bound, loops);
      return;
    }
    if (loops >= MOST_LOOPS) throw new Refused(`${name} inside ${MOST_LOOPS} others: go through lists at most ${MOST_LOOPS} deep`, node.start);
    for (const arg of args.slice(1)) visit(arg, new Set([...bound, item.args]), loops + 1);
  };
  visit(root, new Set(), 0);
  return found;
}

function pathOf(node: ASTNode): readonly string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.') return undefined;
  const before = pathOf(node.args[0]);
  return before && [...before, node.args[1]];
}

function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value': case 'id': case 'rcall': return [];
    case '.': case '.?': return [node.args[0]];
    case 'call': return node.args[1];
    case 'list': return node.args;
    case 'map': return node.args.flat();
    case '!_': case '-_': return [node.args];
    default: return node.args;
  }
}

// Reads the types of src/events/facts.ts and answers JSON Schema, description and a sample of each kind of fact.
// Run by itself it writes dist/events/catalogue.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** A file whose FactMap is read; another than ours in tests. */
export function eventCatalogue(file = join(root, 'src/events/facts.ts')) {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: [], lib: ['lib.es5.d.ts'] };
  const host = ts.createCompilerHost(options);
  // Only files of ours are read: what packages declare says nothing about facts, and takes seconds.
  host.resolveModuleNameLiterals = (names, from) => names.map(({ text }) => (text.startsWith('.') ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined }));
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const map = source?.statements.find((s) => ts.isInterfaceDeclaration(s) && s.name.text === 'FactMap');
  if (!map) throw new Error(`${file} has no interface FactMap`);
  const described = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();
  const entry = (symbol) => {
    const schema = schemaOf(checker.getTypeOfSymbol(symbol), checker, symbol.name, described);
    return { type: symbol.name, description: described(symbol), schema, sample: sampleOf(schema, symbol.name) };
  };
  return checker.getTypeAtLocation(map).getProperties().map(entry).sort((a, b) => (a.type < b.type ? -1 : 1));
}

function schemaOf(type, checker, where, described) {
  const inner = (one, at) => schemaOf(one, checker, at, described);
  if (type.isUnion()) return unionOf(type, where, inner);
  if (type.isStringLiteral() || type.isNumberLiteral()) return { enum: [type.value] };
  if (type.flags & ts.TypeFlags.BooleanLiteral) return { enum: [type.intrinsicName === 'true'] };
  if (type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) return { type: 'string' };
  if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
  if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
  if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
  if (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return {};
  if (type.isIntersection() && type.types.some((t) => t.flags & ts.TypeFlags.String)) return { type: 'string' }; // an ID of a kind
  if (checker.isArrayType(type) || checker.isTupleType(type)) return { type: 'array', items: inner(checker.getTypeArguments(type)[0], where) };
  if (!(type.flags & ts.TypeFlags.Object) && !type.isIntersection()) throw new Error(`${where}: ${checker.typeToString(type)} cannot be said in JSON`);
  return objectOf(type, checker, where, described, inner);
}

function objectOf(type, checker, where, described, inner) {
  const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  const properties = type.getProperties();
  if (properties.length === 0) return { type: 'object', ...(index && !(index.flags & ts.TypeFlags.Never) ? { additionalProperties: inner(index, where) } : {}) };
  const fields = properties.map((p) => {
    const text = described(p);
    return [p.name, { ...inner(checker.getTypeOfSymbol(p), `${where}.${p.name}`), ...(text ? { description: text } : {}) }];
  });
  return { type: 'object', properties: Object.fromEntries(fields), required: properties.filter((p) => !(p.flags & ts.SymbolFlags.Optional)).map((p) => p.name) };
}

function unionOf(type, where, inner) {
  const parts = type.types.filter((t) => !(t.flags & ts.TypeFlags.Undefined)).map((t) => inner(t, where));
  const said = parts.filter((p) => p.enum).flatMap((p) => p.enum);
  const both = said.includes(true) && said.includes(false);
  const values = both ? said.filter((v) => typeof v !== 'boolean') : said;
  const rest = [...parts.filter((p) => !p.enum), ...(both ? [{ type: 'boolean' }] : [])];
  const hasNull = rest.some((p) => p.type === 'null');
  if (rest.every((p) => p.type === 'null') && values.length > 0) return { enum: [...values, ...(hasNull ? [null] : [])] };
  const all = [...rest, ...(values.length > 0 ? [{ enum: values }] : [])];
  if (all.length === 1) return all[0];
  if (all.every((p) => typeof p.type === 'string' && Object.keys(p).length === 1)) return { type: all.map((p) => p.type) };
  return { anyOf: all };
}

/** What such a field may look like, by its name. */
const NAMED = {
  from: '+8613800138000', to: '4000', did: '+867551234000', queue: 'support', agent: '1001', extension: '1001', trunk: 'carrier-a', call: 'call_06f3k2v1m0q7w8xz4n5p2r9ctb', leg: 'leg_06f3k2v1m0q7w8xz4n5p2r9ctb',
  customer: 'cus_06f3k2v1m0q7w8xz4n5p2r9ctb', conversation: 'cnv_06f3k2v1m0q7w8xz4n5p2r9ctb', ticket: 'tkt_06f3k2v1m0q7w8xz4n5p2r9ctb', webhook: 'whk_06f3k2v1m0q7w8xz4n5p2r9ctb', user: 'usr_06f3k2v1m0q7w8xz4n5p2r9ctb',
  by: 'api:admin', language: 'zh-CN', flow: 'welcome', file: 'main.yaml', files: ['main.yaml'], digits: '1', text: '我想取消订单', confidence: 0.93, source: 'udp:192.0.2.7:5060', contact: 'sip:1001@192.0.2.7', version: 2, percent: 100, count: 3,
};
function sampleOf(schema, where, name = '') {
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sampleOf(schema.anyOf.find((s) => s.type !== 'null') ?? {}, where, name);
  const type = Array.isArray(schema.type) ? schema.type.find((t) => t !== 'null') : schema.type;
  if (type === 'object') return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, s]) => [key, sampleOf(s, where, key)]));
  const known = NAMED[name];
  if (known !== undefined && (Array.isArray(known) ? type === 'array' : typeof known === type)) return known;
  if (type === 'array') return [sampleOf(schema.items ?? {}, where, name.replace(/s$/, ''))];
  if (type === 'number') return name.endsWith('_ms') ? 1500 : name.endsWith('_s') ? 30 : 1;
  if (type === 'boolean') return true;
  return type === 'null' ? null : name || 'text';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(join(root, 'dist/events'), { recursive: true });
  writeFileSync(join(root, 'dist/events/catalogue.json'), JSON.stringify(eventCatalogue()));
}

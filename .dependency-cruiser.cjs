/**
 * The import table of docs/architecture.md. A room is a folder with an index.ts (its front door); others import only
 * that. `may` lists what a room may import besides src/base and itself. scripts/check-imports.mjs proves this file alive.
 */
const may = {
  audio: [],
  nlu: [],
  'sip/stack': [],
  'sip/edge': ['sip/stack'],
  'media/server': ['sip/stack', 'audio'],
  config: [],
  store: ['config'],
  events: ['store'],
  access: ['store', 'events', 'config'],
  sip: ['store', 'config', 'events', 'access'],
  media: ['audio', 'store', 'config', 'events'],
  'speech/tts': ['audio', 'store', 'config', 'events'],
  'speech/asr': ['audio', 'store', 'config', 'events'],
  calls: ['sip', 'media', 'store', 'config', 'events'],
  objects: ['store', 'config', 'events'],
  acd: ['store', 'config', 'events'],
  'acd/engine': [],
  ivr: ['nlu', 'speech/tts', 'store', 'config', 'events'],
  'desk/customers': ['store', 'events'],
  'desk/files': ['store', 'events'],
  'desk/erasing': ['store', 'events'],
  'desk/conversations': ['store', 'events', 'desk/files', 'desk/erasing'],
  'desk/tickets': ['store', 'events', 'config', 'desk/erasing'],
  'channels/mail': ['store', 'config', 'events'],
  'channels/chat': ['desk/conversations', 'desk/customers', 'desk/files', 'store', 'config', 'events'],
  archive: ['store', 'events'],
  insight: ['store', 'events', 'config'],
  webhooks: ['store', 'events', 'config'],
  wiring: ['*'],
  api: ['*'],
  cli: ['*'],
  supervisor: ['*'],
  app: ['*'],
};
const rooms = Object.keys(may).sort((a, b) => b.length - a.length);
const path = (room) => `^src/${room}/`;
// A nested room (sip/stack) is not part of the room around it.
const nested = (room) => rooms.filter((r) => r.startsWith(`${room}/`)).map(path);
const own = (room) => ({ path: path(room), ...(nested(room).length ? { pathNot: nested(room) } : {}) });

const table = rooms
  .filter((room) => may[room][0] !== '*')
  .map((room) => ({
    name: `room-${room.replace('/', '-')}`,
    comment: `src/${room} may import ${['base', ...may[room]].join(', ')}`,
    severity: 'error',
    from: own(room),
    to: {
      path: '^src/',
      pathNot: ['^src/base/', `^src/${room}/(?!(${nested(room).map((n) => n.slice(`^src/${room}/`.length, -1)).join('|') || '\u0000'})/)`, ...may[room].map((r) => `^src/${r}/index\\.ts$`), ...nestedDoors(room)],
    },
  }));
// A room may use the front door of a room nested in it where the table says so.
function nestedDoors(room) {
  return room === 'acd' ? ['^src/acd/engine/index\\.ts$'] : [];
}
const doors = rooms.map((room) => ({
  name: `door-${room.replace('/', '-')}`,
  comment: `others import src/${room}/index.ts only`,
  severity: 'error',
  from: { path: '^src/', pathNot: [`^src/${room}/`] },
  to: { path: path(room), pathNot: [`^src/${room}/index\\.ts$`, ...nested(room)] },
}));
module.exports = {
  forbidden: [
    ...table,
    ...doors,
    { name: 'base-imports-nothing', severity: 'error', from: { path: '^src/base/', pathNot: '\\.test\\.ts$' }, to: { path: '^src/', pathNot: '^src/base/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'product-does-not-import-tests', severity: 'error', from: { path: '^src/', pathNot: '\\.(test|fixture)\\.ts$' }, to: { path: '^(test|bench)/' } },
    { name: 'no-dev-dependency-in-product', severity: 'error', from: { path: '^src/', pathNot: '\\.(test|fixture)\\.ts$' }, to: { dependencyTypes: ['npm-dev'] } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};

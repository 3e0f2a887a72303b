import { createHash } from 'node:crypto';
import type { AcdForms } from '../../config/index.js';
import type { AgentId, QueueId } from '../engine/index.js';
import { NoSuchAgent, NoSuchQueue } from '../errors.js';
import { createCore, type AcdSettingsOptions, type SettingsCore } from './core.js';
import type { SettingsPatch } from './document.js';
import { AgentExists, NoSuchSetup, QueueExists, SettingsStale } from './errors.js';
import type { AcdSettings, AgentSettings, ChangeBy, QueueSettings, RoutingSettings, SetupView } from './ports.js';

/** @throws StoreError */
export function createAcdSettings(options: AcdSettingsOptions): AcdSettings {
  const core = createCore(options);
  return {
    setup: () => core.now().setup,
    config: () => core.now().config,
    queueConfig: (name) => core.now().config.queues.find((q) => q.name === name),
    ...queueCommands(core, options.acd),
    ...agentCommands(core),
    ...setupCommands(core),
    version: () => core.versions.newest(),
    versions: (limit, before) => core.versions.list(limit, before),
    restore: (version, how) => core.restore(version, how),
    reload: (how) => core.reload(how),
    wouldKnow: (extensions) => core.wouldKnow(extensions),
    know: (extensions) => core.know(extensions),
    onChange: (changed) => core.onChange(changed),
    start: () => core.start(),
    close: () => core.close(),
  };
}

const etagOf = (value: unknown): string => `"${createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)}"`;

const ownerOf = (changed: boolean): 'file' | 'api' => (changed ? 'api' : 'file');

/** If-Match as HTTP has it: one ETag, several, or `*` (RFC 9110 §13.1.1). */
function fresh(what: string, etag: string, { ifMatch }: ChangeBy): void {
  if (ifMatch !== undefined && ifMatch.trim() !== '*' && !ifMatch.split(',').some((one) => one.trim() === etag)) throw new SettingsStale(what);
}

function queueCommands(core: SettingsCore, acd: AcdSettingsOptions['acd']) {
  const queue = (id: QueueId): QueueSettings => {
    const settings = core.reading().forms.queues.find((q) => q.name === id);
    if (!settings) throw new NoSuchQueue(`there is no queue "${id}"`, { hint: 'GET /v1/queues lists them' });
    const { forms, modes } = core.now();
    return { queue: id, owner: ownerOf(core.changed('queues', id)), etag: etagOf(settings), settings, effective: forms.queues.find((q) => q.name === id) ?? settings, mode: modes.get(id) ?? settings.mode };
  };
  return {
    queue,
    patchQueue(id: QueueId, patch: object, how: ChangeBy): QueueSettings {
      fresh(`queue "${id}"`, queue(id).etag, how);
      core.change({ queues: { [id]: patch } }, how, id);
      return queue(id);
    },
    previewQueue(id: QueueId, patch: object) {
      queue(id);
      return acd().preview(core.tried({ queues: { [id]: patch } }).setup);
    },
    addQueue(form: { readonly name: string }, how: ChangeBy): QueueSettings {
      const id = form.name as QueueId;
      if (core.reading().forms.queues.some((q) => q.name === id)) throw new QueueExists(id);
      core.change({ queues: { [id]: form } }, how, id);
      return queue(id);
    },
    removeQueue(id: QueueId, how: ChangeBy): void {
      fresh(`queue "${id}"`, queue(id).etag, how);
      core.change({ queues: { [id]: null }, agents: without(core.reading().forms, id) }, how, id);
    },
  };
}

/** Agents of a queue that goes are agents of it no more. */
const without = (forms: AcdForms, queue: QueueId): NonNullable<SettingsPatch['agents']> =>
  Object.fromEntries(forms.agents.flatMap((a) => {
    const left = a.queues.filter((q) => (typeof q === 'string' ? q : q.name) !== queue);
    return left.length < a.queues.length ? [[a.id, { queues: left }]] : [];
  }));

function agentCommands(core: SettingsCore) {
  const agent = (id: AgentId): AgentSettings => {
    const settings = core.reading().forms.agents.find((a) => a.id === id);
    if (!settings) throw new NoSuchAgent(`there is no agent "${id}"`, { hint: 'GET /v1/agents lists them' });
    return { agent: id, owner: ownerOf(core.changed('agents', id)), etag: etagOf(settings), settings, effective: core.now().forms.agents.find((a) => a.id === id) ?? settings };
  };
  const routing = (): RoutingSettings => ({ owner: ownerOf(core.changed('routing')), etag: etagOf(core.reading().forms.routing), settings: core.reading().forms.routing });
  return {
    agent,
    patchAgent(id: AgentId, patch: object, how: ChangeBy): AgentSettings {
      fresh(`agent "${id}"`, agent(id).etag, how);
      core.change({ agents: { [id]: patch } }, how);
      return agent(id);
    },
    addAgent(form: { readonly id: string }, how: ChangeBy): AgentSettings {
      if (core.reading().forms.agents.some((a) => a.id === form.id)) throw new AgentExists(form.id);
      core.change({ agents: { [form.id]: form } }, how);
      return agent(form.id as AgentId);
    },
    removeAgent(id: AgentId, how: ChangeBy): void {
      fresh(`agent "${id}"`, agent(id).etag, how);
      core.change({ agents: { [id]: null } }, how);
    },
    routing,
    patchRouting(patch: object, how: ChangeBy): RoutingSettings {
      fresh('the routing of all queues', routing().etag, how);
      core.change({ routing: patch }, how);
      return routing();
    },
  };
}

function setupCommands(core: SettingsCore) {
  const setups = (): SetupView[] => core.now().setups.flatMap((state) => {
    const form = core.reading().forms.setups.find((s) => s.name === state.name);
    return form ? [{ ...state, form }] : [];
  });
  const named = (name: string): SetupView => {
    const found = setups().find((s) => s.name === name);
    if (!found) throw new NoSuchSetup(name);
    return found;
  };
  return {
    setups,
    switchSetup(name: string, active: boolean | null, how: ChangeBy): SetupView {
      named(name);
      core.change({ setups: { [name]: active } }, how);
      return named(name);
    },
  };
}

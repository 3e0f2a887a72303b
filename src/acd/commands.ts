import type { EngineTime } from './clock.js';
import type { Core } from './core.js';
import { CHOSEN_STATES, agentState, type AcdEffect, type AcdEvent, type Agent, type AgentId, type Channel, type Contact, type ContactId, type OfferId, type Queue, type QueueId } from './engine/index.js';
import { ContactKnown, EngineFault, NoCarrier, NoSuchAgent, NoSuchContact, NoSuchQueue, NotRegistered, NotWrappingUp, StateNotSettable } from './errors.js';
import type { Acd, AgentView, Carriers } from './ports.js';
import { agentView, contactState } from './views.js';

/** Decides at once, and performs before it returns unless it is called from inside an effect. Undefined: the engine failed over it. */
export type Post = (event: AcdEvent) => readonly AcdEffect[] | undefined;

export const contactCommands = (core: Core, post: Post, carriers: Carriers, time: EngineTime) => ({
  enqueue: (contact: Parameters<Acd['enqueue']>[0]): void => {
    if (!contact.queues.some((id) => core.state.queues.has(id))) knownQueue(core, contact.queues[0]);
    const known = core.state.contacts.get(contact.id);
    if (known) throw new ContactKnown(contact.id, contactState(known));
    if (!carriers[contact.channel]) throw new NoCarrier(`nobody carries contacts of channel "${contact.channel}"`, { hint: `channels are: ${Object.keys(carriers).join(', ')}` });
    const { notBefore } = contact;
    const joining = notBefore === undefined ? contact : { ...contact, notBefore: time.atWall(notBefore) };
    if (!post({ type: 'contact.joined', contact: joining })) throw new EngineFault(`contact ${contact.id} could not be put into a queue`, { hint: 'see the log' });
  },
  change: (contact: ContactId, what: Parameters<Acd['change']>[1]): void => {
    if (core.state.contacts.has(contact)) post({ type: 'contact.changed', contact, ...what });
  },
  leave: (contact: ContactId, why: Parameters<Acd['leave']>[1]): void => {
    if (core.state.contacts.has(contact)) post({ type: 'contact.left', contact, why });
  },
  pressed: (contact: ContactId, key: string): boolean => {
    if (!core.state.contacts.has(contact)) return false;
    return post({ type: 'contact.pressed', contact, key })?.some((f) => f.do === 'divert' && f.contact === contact) ?? false;
  },
  callBack: (contact: ContactId, at?: number): void => {
    knownContact(core, contact);
    post({ type: 'contact.wants_callback', contact, ...(at === undefined ? {} : { at: time.atWall(at) }) });
  },
  unreached: (contact: ContactId): void => {
    if (core.state.contacts.has(contact)) post({ type: 'contact.unreached', contact });
  },
  accepted: (offer: OfferId): 'connect' | 'too_late' => {
    if (!core.state.offers.has(offer)) return 'too_late';
    return post({ type: 'offer.accepted', offer })?.some((f) => f.do === 'connect' && f.offer.id === offer) ? 'connect' : 'too_late';
  },
  declined: (offer: OfferId, why: Parameters<Acd['declined']>[1]): void => {
    if (core.state.offers.has(offer)) post({ type: 'offer.declined', offer, why });
  },
  bridged: (contact: ContactId): void => {
    if (core.state.contacts.get(contact)?.stage.is === 'connecting') post({ type: 'contact.bridged', contact });
  },
  released: (contact: ContactId): void => {
    if (core.state.contacts.has(contact)) post({ type: 'contact.released', contact });
  },
  returned: (contact: ContactId): void => {
    if (core.state.contacts.has(contact)) post({ type: 'contact.returned', contact });
  },
});

export function agentCommands(core: Core, post: Post, time: EngineTime) {
  const started = time.now();
  const view = (agent: Agent): AgentView => agentView(agent, core.memo.since.get(agent.setup.id) ?? started, time);
  return {
    setState: (id: AgentId, state: string, { reason, by }: Parameters<Acd['setState']>[2]): AgentView => {
      const agent = knownAgent(core, id);
      const chosen = CHOSEN_STATES.find((known) => known === state);
      if (!chosen) throw new StateNotSettable(`"${state}" cannot be chosen`, { hint: `one of ${CHOSEN_STATES.join(', ')}` });
      if (!agent.reachable && chosen !== 'offline') throw new NotRegistered(`the phone of agent ${id} is not registered`, { hint: 'register the phone, or open the workbench for text channels, then try again' });
      post({ type: 'agent.chose', agent: id, state: chosen, reason: reason ?? null, by });
      return view(knownAgent(core, id));
    },
    extendWrapUp: (id: AgentId, ms: number): AgentView => {
      const agent = knownAgent(core, id);
      if (!agent.work.some((w) => w.is === 'wrap_up')) throw new NotWrappingUp(id, agentState(agent));
      post({ type: 'agent.wrap_up_extended', agent: id, ms });
      return view(knownAgent(core, id));
    },
    reachable: (agent: AgentId, yes: boolean, channels?: readonly Channel[]): void => {
      const known = core.state.agents.get(agent);
      if (known && (known.reachable !== yes || known.hears?.join() !== channels?.join())) post({ type: 'agent.reachable', agent, yes, ...(channels === undefined ? {} : { channels }) });
    },
    engaged: (agent: AgentId, yes: boolean): void => {
      if (core.state.agents.has(agent)) post({ type: 'agent.engaged', agent, yes });
    },
    agents: (): AgentView[] => [...core.state.agents.values()].map(view),
    agent: (id: AgentId): AgentView => view(knownAgent(core, id)),
  };
}

export function knownQueue(core: Core, id: QueueId): Queue {
  const queue = core.state.queues.get(id);
  if (!queue) throw new NoSuchQueue(`there is no queue "${id}"`, { hint: 'GET /v1/queues lists them' });
  return queue;
}

function knownAgent(core: Core, id: AgentId): Agent {
  const agent = core.state.agents.get(id);
  if (!agent) throw new NoSuchAgent(`there is no agent "${id}"`, { hint: 'GET /v1/agents lists them' });
  return agent;
}

export function knownContact(core: Core, id: ContactId): Contact {
  const contact = core.state.contacts.get(id);
  if (!contact) throw new NoSuchContact(`there is no contact "${id}"`, { hint: 'GET /v1/contacts lists those who wait' });
  return contact;
}

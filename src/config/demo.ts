import { agentForm, type AgentForm } from './agents.js';
import { ha1Of, type ExtensionConfig } from './extensions.js';
import type { Secret } from './secret.js';

/** How many demo extensions, and the one password of them all. */
export interface Demo {
  readonly agents: number;
  readonly phones: number;
  readonly password: Secret;
}
const most = 200;
const range = (first: number, count: number): string[] => Array.from({ length: Math.min(most, Math.max(0, count)) }, (_, i) => String(first + i));

/** 1001… for agents, 1201… for plain phones. */
export function demoExtensions(demo: Demo, realm: string): ExtensionConfig[] {
  const extension = (kind: string) => (number: string): ExtensionConfig => ({
    number,
    name: `${kind} ${number}`,
    ha1: ha1Of(number, realm, demo.password),
    callerId: undefined,
    mayCall: { outside: true, international: true },
  });
  return [...range(1001, demo.agents).map(extension('Agent')), ...range(1201, demo.phones).map(extension('Phone'))];
}

/** Agents of queue `support`, one call or three chats at once, besides up to five tickets; an agent's ID is its extension. */
export const demoAgents = (demo: Demo): AgentForm[] =>
  range(1001, demo.agents).map((number) => agentForm.parse({ id: number, name: `Agent ${number}`, extension: number, queues: ['support'], capacity: { voice: 1, chat: 3, ticket: 5 } }));

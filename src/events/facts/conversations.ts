/** What channels of written words share. */
export interface ConversationFacts {
  /** Subject: what the mail was about, as `ticket:ID`, or `system`. */
  'mail.sent': { mail: string };
  'mail.failed': { mail: string; why: string };
  /** An agent's browser is there, or no longer. Subject `agent:ID`. */
  'agent.desktop_changed': { agent: string; present: boolean; why: 'renewed' | 'left' | 'expired' };
}

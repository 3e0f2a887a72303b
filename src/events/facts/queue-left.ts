/** How a contact's stay in a queue ended. */
export type QueueLeft =
  | 'connected' | 'abandoned' | 'exit' | 'failed' | 'full' | 'closed' | 'emergency' | 'unstaffed' | 'max_wait' | 'escalated' | 'moved' | 'unreached';

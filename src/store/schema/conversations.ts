/** Tables of src/store/migrations/conversations.ts. Times are ms since 1970. */
export interface ConversationsTables {
  files: FileTable;
  agent_desktops: AgentDesktopTable;
  mail_outbox: MailTable;
}
export interface FileTable {
  id: string;
  /** SHA-256 of the bytes as they are kept, hexadecimal: where they lie. */
  hash: string;
  name: string;
  type: string;
  kind: 'image' | 'video' | 'audio' | 'document' | 'archive' | 'text';
  bytes: number;
  width: number | null;
  height: number | null;
  about: string | null;
  by: string;
  at: number;
}
/** Until when an agent's browser counts as there. */
export interface AgentDesktopTable {
  agent: string;
  until: number;
}
export interface MailTable {
  id: string;
  /** JSON: to, subject, text, html, reply_to. */
  mail: string;
  about: string | null;
  state: 'waiting' | 'sent' | 'failed';
  attempts: number;
  next_at: number;
  error: string | null;
  at: number;
  sent_at: number | null;
}

/** Statements of one migration; each may run twice. Notices go straight to the outbox of mails, and files are known by their own table. */
export const ticketDesk: readonly string[] = [
  `drop table if exists ticket_notices`,
  `drop table if exists ticket_attachments`,
  `create table if not exists ticket_files (file text primary key, ticket text not null, comment text, at integer not null) strict, without rowid`,
  `create index if not exists ticket_files_of on ticket_files (ticket, at, file)`,
  `create table if not exists ticket_waits (ticket text primary key, queue text not null, contact text not null, at integer not null) strict, without rowid`,
  `create index if not exists tickets_email on tickets (requester_email, created_at desc, id desc) where requester_email is not null`,
];

/** Statements of one migration; each is "if not exists". What a list may be sorted by. */
export const sorting: readonly string[] = [
  `create index if not exists tickets_changed on tickets (updated_at desc, id desc)`,
  // What is never due comes after all that is.
  `create index if not exists tickets_due on tickets (coalesce(due_at, 9007199254740991), id)`,
];

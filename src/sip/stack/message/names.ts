/** How a header name is compared (`key`) and written (`name`); `list` when its values may share a line (RFC 3261 §7.3.1). */
export interface HeaderName {
  readonly key: string;
  readonly name: string;
  readonly list: boolean;
}

const lists = [
  'Accept', 'Accept-Encoding', 'Accept-Language', 'Alert-Info', 'Allow', 'Allow-Events', 'Call-Info', 'Contact', 'Content-Encoding',
  'Content-Language', 'Diversion', 'Error-Info', 'History-Info', 'In-Reply-To', 'P-Asserted-Identity', 'P-Preferred-Identity', 'Path',
  'Proxy-Require', 'Reason', 'Record-Route', 'Require', 'Route', 'Service-Route', 'Supported', 'Unsupported', 'Via', 'Warning',
];
const singles = [
  'Authentication-Info', 'Authorization', 'Call-ID', 'Content-Disposition', 'Content-Length', 'Content-Type', 'CSeq', 'Date', 'Event',
  'Expires', 'From', 'Max-Forwards', 'MIME-Version', 'Min-Expires', 'Min-SE', 'Organization', 'Priority', 'Privacy', 'Proxy-Authenticate',
  'Proxy-Authorization', 'RAck', 'Refer-To', 'Referred-By', 'Remote-Party-ID', 'Replaces', 'Reply-To', 'Retry-After', 'RSeq', 'Server',
  'Session-Expires', 'Subject', 'Subscription-State', 'Timestamp', 'To', 'User-Agent', 'WWW-Authenticate',
];
/** RFC 3261 §20 and the later RFCs that registered one. */
const compact: Readonly<Record<string, string>> = {
  a: 'Accept-Contact', b: 'Referred-By', c: 'Content-Type', d: 'Request-Disposition', e: 'Content-Encoding', f: 'From', i: 'Call-ID',
  j: 'Reject-Contact', k: 'Supported', l: 'Content-Length', m: 'Contact', o: 'Event', r: 'Refer-To', s: 'Subject', t: 'To', u: 'Allow-Events',
  v: 'Via', x: 'Session-Expires', y: 'Identity',
};

const known = new Map<string, HeaderName>();
const learn = (name: string, list: boolean): void => {
  const entry = { key: name.toLowerCase(), name, list };
  known.set(name, entry).set(entry.key, entry);
};
for (const name of lists) learn(name, true);
for (const name of singles) learn(name, false);
for (const [short, name] of Object.entries(compact)) {
  if (!known.has(name)) learn(name, false);
  const entry = known.get(name);
  if (entry) known.set(short, entry).set(short.toUpperCase(), entry);
}

export function headerName(name: string): HeaderName {
  const exact = known.get(name);
  if (exact) return exact;
  const key = name.toLowerCase();
  return known.get(key) ?? { key, name, list: false };
}

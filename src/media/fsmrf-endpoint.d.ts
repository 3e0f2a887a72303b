/** drachtio-fsmrf makes endpoints for calls that it began; for one that outlived us we make it ourselves. */
declare module 'drachtio-fsmrf/lib/endpoint.js' {
  import type Mrf from 'drachtio-fsmrf';
  /** Emits `ready` in a later turn. */
  const Endpoint: new (conn: Mrf.EslConnection, dialog: Mrf.Endpoint['dialog'], ms: Mrf.MediaServer, options: { readonly is3pcc: boolean; readonly customEvents: readonly string[] }) => Mrf.Endpoint;
  export = Endpoint;
}

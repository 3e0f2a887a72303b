/** What Strowger uses of drachtio-fsmrf 4.1 and of the drachtio-modesl connection under it; neither ships types. */
declare module 'drachtio-fsmrf' {
  import type { EventEmitter } from 'node:events';
  import type Srf from 'drachtio-srf';
  import type { Dialog } from 'drachtio-srf';

  namespace Mrf {
    interface EslEvent {
      getHeader(name: string): string | undefined;
      getBody(): string | undefined;
    }
    interface EslConnection extends EventEmitter {
      closing?: boolean;
      readonly socket: import('node:net').Socket | null;
      readonly reconnectVars: { retryTimer?: NodeJS.Timeout | null };
      connected(): boolean;
      disconnect(): void;
      removeAllListeners(): this;
    }
    interface Endpoint extends EventEmitter {
      readonly uuid: string;
      readonly local: { sdp: string };
      readonly remote: { sdp: string };
      /** `id` is the SIP server's name for the dialog; drachtio-srf has it but does not declare it. */
      readonly dialog: Dialog & { readonly id: string };
      readonly conn: EslConnection | null;
      execute(app: string, arg?: string): Promise<EslEvent>;
      /** Resolves with the event; a reply's text is its body. */
      api(command: string, args: string[]): Promise<EslEvent>;
      modify(sdp: string): Promise<string>;
      destroy(): Promise<void>;
    }
    interface MediaServer extends EventEmitter {
      readonly conn: EslConnection;
      readonly currentSessions: number;
      api(command: string): Promise<string>;
      createEndpoint(opts: { remoteSdp?: string; headers?: Record<string, string>; codecs?: string[] }): Promise<Endpoint>;
      disconnect(): void;
    }
    interface ConnectOptions {
      address: string;
      port: number;
      secret: string;
      listenAddress?: string;
      listenPort?: number;
      advertisedAddress?: string;
      advertisedPort?: number;
      profile?: string;
    }
  }
  class Mrf extends EventEmitter {
    constructor(srf: Srf, opts?: { customEvents?: string[] });
    connect(opts: Mrf.ConnectOptions, callback: (error: Error | null, ms?: Mrf.MediaServer) => void): void;
  }
  export = Mrf;
}

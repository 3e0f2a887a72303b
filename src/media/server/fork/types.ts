/** The audio of a session on its way to a WebSocket. */
export interface Fork {
  text(text: string): void;
  pause(silence: boolean): void;
  resume(): void;
  shutDown(): void;
  /** Ends it, with a last text. Idempotent. */
  stop(text?: string): void;
}

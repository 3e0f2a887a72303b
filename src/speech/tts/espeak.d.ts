declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakWorker {
    readonly samplerate: number;
    /** 0 when the voice is there. */
    set_voice(name: string): number;
    set_rate(wordsPerMinute: number): number;
    /** Calls back with each piece as it is made; the buffer is used again after that. `true` stops. */
    synthesize(text: string, piece: (audio: Int16Array | null, events: readonly unknown[]) => boolean): void;
  }
  export interface EspeakModule {
    readonly eSpeakNGWorker: new () => EspeakWorker | Promise<EspeakWorker>;
  }
  const load: () => Promise<EspeakModule>;
  export { load as default };
}

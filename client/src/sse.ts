export interface Message {
  /** Empty where only the place moves on. */
  readonly data: string;
  readonly id: string | undefined;
  readonly retryMs: number | undefined;
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream, as far as the house uses it. Any bytes keep the line alive. */
export function messageReader(): (text: string) => Message[] {
  let rest = '';
  let block: string[] = [];
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n/);
    rest = lines.pop() ?? '';
    const done: Message[] = [];
    for (const line of lines) {
      if (line !== '') block.push(line);
      else if (block.length > 0) {
        done.push(messageOf(block));
        block = [];
      }
    }
    return done;
  };
}

function messageOf(lines: readonly string[]): Message {
  const all = (name: string): string[] => lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ''));
  const retry = Number(all('retry').at(-1) ?? NaN);
  return { data: all('data').join('\n'), id: all('id').at(-1), retryMs: Number.isFinite(retry) ? retry : undefined };
}

/** The languages people read; `--lang` or the locale of the terminal chooses. */
export type Lang = 'zh-CN' | 'en';
export type Text = Readonly<Record<Lang, string>>;

/** What a command sees of the world, so that a test can be the terminal. */
export interface Io {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly lang: Lang;
}

/** Chinese where the locale says so (`zh_CN.UTF-8`), English otherwise. */
export const langOf = (env: Io['env']): Lang => (/^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'zh-CN' : 'en');

export const isLang = (text: string): text is Lang => text === 'zh-CN' || text === 'en';

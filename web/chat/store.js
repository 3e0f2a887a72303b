const KEY = 'strowger.chat';
let memory = {};

/** What outlives a reload: who the visitor is, and messages that nobody has confirmed yet. Without storage it lasts as long as the page. */
export const kept = {
  read() {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? '{}');
    } catch {
      return memory;
    }
  },
  write(change) {
    memory = { ...kept.read(), ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(memory));
    } catch {
      // a browser that keeps nothing: this page's memory has it
    }
  },
};

/** The connection: opens again after a loss, sooner at first, and says hello each time. */
const PAUSES = [300, 1_000, 2_000, 4_000, 8_000, 15_000];
const BEAT_MS = 25_000;

export function openLine({ hello, heard, state }) {
  let socket;
  let tries = 0;
  let timer;
  let beat;
  let over = false;
  let answered = true;
  const url = new URL('../v1/chat/ws', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = url.hash = '';
  const connect = () => {
    clearTimeout(timer);
    if (over || socket?.readyState === WebSocket.CONNECTING || socket?.readyState === WebSocket.OPEN) return;
    const mine = (socket = new WebSocket(url));
    mine.onopen = () => {
      answered = true;
      mine.send(JSON.stringify(hello()));
      clearInterval(beat);
      beat = setInterval(() => {
        if (!answered) return mine.close();
        answered = false;
        mine.send('{"type":"ping"}');
      }, BEAT_MS);
    };
    mine.onmessage = ({ data }) => {
      answered = true;
      const frame = JSON.parse(data);
      if (frame.type === 'welcome') tries = 0;
      heard(frame);
    };
    mine.onclose = () => {
      clearInterval(beat);
      if (mine !== socket || over) return;
      state('lost');
      const pause = PAUSES[Math.min(tries, PAUSES.length - 1)];
      tries += 1;
      timer = setTimeout(connect, pause * (0.7 + Math.random() * 0.6));
    };
  };
  addEventListener('online', () => {
    tries = 0;
    connect();
  });
  addEventListener('offline', () => {
    state('lost');
    socket?.close();
  });
  connect();
  return {
    /** Answers whether it went out; whoever cares for an answer sends again after the next welcome. */
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    close() {
      over = true;
      clearTimeout(timer);
      clearInterval(beat);
      socket?.close();
    },
  };
}

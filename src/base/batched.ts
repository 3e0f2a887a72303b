/** What is needed of a socket. */
interface Writable {
  cork(): void;
  uncork(): void;
  write(...args: never[]): boolean;
}

/**
 * Makes one packet of all that is written to the socket in one turn of the event loop. Libraries write commands line by
 * line, and a system call costs more than the line; `later` is `setImmediate`.
 */
export function batched<Socket extends Writable>(socket: Socket, later: (run: () => void) => void): Socket {
  const write = socket.write.bind(socket);
  let open = false;
  socket.write = (...args) => {
    if (!open) {
      open = true;
      socket.cork();
      later(() => {
        open = false;
        socket.uncork();
      });
    }
    return write(...args);
  };
  return socket;
}

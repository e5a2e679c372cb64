import type { WebSocket } from "ws";

const HIGH_WATER_BYTES = 4 * 1024 * 1024;

/** The part of a socket that the contract's handler uses. Its `send` settles when more may be sent. */
export interface PacedSocket {
  readonly addEventListener: WebSocket["addEventListener"];
  readonly send: WebSocket["send"];
}

/**
 * Slows a stream down to what the window takes.
 *
 * The handler awaits what `send` returns, so a promise that waits for the socket's buffer to empty keeps a journal
 * of a million entries from piling up in memory.
 */
export function pacedSocket(socket: WebSocket): PacedSocket {
  // A broken connection ends in `close`, which the handler listens to.
  socket.on("error", () => socket.terminate());
  return {
    addEventListener: socket.addEventListener.bind(socket) as WebSocket["addEventListener"],
    send: ((data: string | Uint8Array) => {
      if (socket.bufferedAmount < HIGH_WATER_BYTES) return socket.send(data);
      return new Promise<void>((resolve) => socket.send(data, () => resolve()));
    }) as WebSocket["send"],
  };
}

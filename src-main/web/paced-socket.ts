import type { MessageEvent, WebSocket } from "ws";
import { isBearable } from "./bearable";

const HIGH_WATER_BYTES = 4 * 1024 * 1024;
/** RFC 6455: a message that is too big to process. */
const TOO_BIG = 1009;

/** The part of a socket that the contract's handler uses. Its `send` settles when more may be sent. */
export interface PacedSocket {
  readonly addEventListener: WebSocket["addEventListener"];
  readonly send: WebSocket["send"];
}

/**
 * Slows a stream down to what the window takes.
 *
 * The handler awaits what `send` returns, so a promise that waits for the socket's buffer to empty keeps a journal
 * of a million entries from piling up in memory. A message whose values would fill the memory is not read: it ends the connection.
 */
export function pacedSocket(socket: WebSocket): PacedSocket {
  // A broken connection ends in `close`, which the handler listens to.
  socket.on("error", () => socket.terminate());
  return {
    addEventListener: ((type: "message", listener: (event: MessageEvent) => void) =>
      socket.addEventListener(
        type,
        type === "message"
          ? (event) => {
              if (isBearable(event.data)) listener(event);
              else socket.close(TOO_BIG, "The values of this message would take too much memory.");
            }
          : listener,
      )) as WebSocket["addEventListener"],
    send: ((data: string | Uint8Array) => {
      if (socket.bufferedAmount < HIGH_WATER_BYTES) return socket.send(data);
      return new Promise<void>((resolve) => socket.send(data, () => resolve()));
    }) as WebSocket["send"],
  };
}
